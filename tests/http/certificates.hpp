#pragma once

#include <filesystem>
#include <string>

namespace tributary::http::test {

/// What a test certificate says.
struct certificate_request {
    std::string common_name = "test";
    std::string alternative_name; ///< "DNS:localhost" or "IP:127.0.0.1"; empty for a CA.
    int valid_from_days = -1;     ///< Relative to now.
    int valid_to_days = 1;
};

/// Certificates in a directory of their own, which goes with this object. Made by the `openssl` library, with
/// P-256 keys, since these are quick.
class certificate_store {
  public:
    certificate_store();
    ~certificate_store();
    certificate_store(const certificate_store&) = delete;
    certificate_store& operator=(const certificate_store&) = delete;

    struct files {
        std::string certificate;
        std::string key;
    };
    /// A certificate authority that signs itself.
    files make_authority(const std::string& name);
    files make_certificate(const std::string& name, const certificate_request& wanted, const files& issuer);

  private:
    std::filesystem::path directory_;
};

} // namespace tributary::http::test
