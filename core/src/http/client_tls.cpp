#include "http/client_tls.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace tributary::http {

std::unique_ptr<boost::asio::ssl::context> make_client_tls(const std::string& ca_file) {
    auto tls = std::make_unique<boost::asio::ssl::context>(boost::asio::ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_options(tls->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    tls->set_verify_mode(boost::asio::ssl::verify_peer);
    if (ca_file.empty())
        tls->set_default_verify_paths();
    else
        tls->load_verify_file(ca_file);
    return tls;
}

bool expect_host(SSL* session, const std::string& host, bool host_is_address) {
    // OpenSSL's own check, unlike a callback, leaves "hostname mismatch" as the reason.
    X509_VERIFY_PARAM* const rules = SSL_get0_param(session);
    if (host_is_address)
        return X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) == 1;
    X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return X509_VERIFY_PARAM_set1_host(rules, host.data(), host.size()) == 1 &&
           SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                    const_cast<char*>(host.c_str())) == 1; // The macro of OpenSSL casts in the old style.
}

std::string handshake_failure(const SSL* session, const std::string& otherwise) {
    const long verdict = SSL_get_verify_result(session);
    return verdict == X509_V_OK ? otherwise : X509_verify_cert_error_string(verdict);
}

} // namespace tributary::http
