#include "http/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace tributary::http::test {
namespace {

template <auto Free> struct releaser {
    template <class T> void operator()(T* object) const noexcept { Free(object); }
};
using key_ptr = std::unique_ptr<EVP_PKEY, releaser<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, releaser<X509_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, releaser<X509_EXTENSION_free>>;
using file_ptr = std::unique_ptr<std::FILE, releaser<std::fclose>>;

void require(bool succeeded) {
    if (!succeeded)
        throw std::runtime_error("OpenSSL could not make a test certificate");
}

file_ptr open_file(const std::string& path, const char* mode) {
    file_ptr file(std::fopen(path.c_str(), mode));
    require(file != nullptr);
    return file;
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const extension_ptr extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    require(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

certificate_ptr make(const certificate_request& wanted, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
    certificate_ptr certificate(X509_new());
    X509* const issued_by = issuer == nullptr ? certificate.get() : issuer;
    int serial = 0;
    require(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial & 0x7fffffff);
    X509_time_adj_ex(X509_getm_notBefore(certificate.get()), wanted.valid_from_days, 0, nullptr);
    X509_time_adj_ex(X509_getm_notAfter(certificate.get()), wanted.valid_to_days, 0, nullptr);
    X509_set_pubkey(certificate.get(), key);
    const auto* const name = reinterpret_cast<const unsigned char*>(wanted.common_name.c_str());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8, name, -1, -1,
                               0);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(issued_by));
    add_extension(certificate.get(), issued_by, NID_basic_constraints,
                  wanted.alternative_name.empty() ? "critical,CA:TRUE" : "CA:FALSE");
    if (!wanted.alternative_name.empty())
        add_extension(certificate.get(), issued_by, NID_subject_alt_name, wanted.alternative_name);
    require(X509_sign(certificate.get(), issuer_key, EVP_sha256()) > 0);
    return certificate;
}

void write(const certificate_store::files& paths, X509* certificate, EVP_PKEY* key) {
    require(PEM_write_X509(open_file(paths.certificate, "w").get(), certificate) == 1);
    require(PEM_write_PrivateKey(open_file(paths.key, "w").get(), key, nullptr, nullptr, 0, nullptr,
                                 nullptr) == 1);
}

} // namespace

certificate_store::certificate_store() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tributary-tls-XXXXXX").string();
    require(mkdtemp(pattern.data()) != nullptr);
    directory_ = pattern;
}

certificate_store::~certificate_store() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

certificate_store::files certificate_store::make_authority(const std::string& name) {
    const files paths{directory_ / (name + ".pem"), directory_ / (name + ".key")};
    const key_ptr key(EVP_EC_gen("P-256"));
    require(key != nullptr);
    write(paths, make({.common_name = name, .alternative_name = ""}, key.get(), nullptr, key.get()).get(),
          key.get());
    return paths;
}

certificate_store::files certificate_store::make_certificate(const std::string& name,
                                                             const certificate_request& wanted,
                                                             const files& issuer) {
    const files paths{directory_ / (name + ".pem"), directory_ / (name + ".key")};
    const certificate_ptr authority(
        PEM_read_X509(open_file(issuer.certificate, "r").get(), nullptr, nullptr, nullptr));
    const key_ptr authority_key(
        PEM_read_PrivateKey(open_file(issuer.key, "r").get(), nullptr, nullptr, nullptr));
    const key_ptr key(EVP_EC_gen("P-256"));
    require(authority != nullptr && authority_key != nullptr && key != nullptr);
    write(paths, make(wanted, key.get(), authority.get(), authority_key.get()).get(), key.get());
    return paths;
}

} // namespace tributary::http::test
