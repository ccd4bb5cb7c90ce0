#pragma once

#include <boost/asio/ssl/context.hpp>
#include <openssl/types.h>

#include <memory>
#include <string>

namespace tributary::http {

/// Trusts the CAs of the PEM file or, if it is empty, of the system; TLS 1.2 and up.
/// @throws boost::system::system_error when they cannot be read.
std::unique_ptr<boost::asio::ssl::context> make_client_tls(const std::string& ca_file);

/// Makes the handshake fail unless the certificate is valid for this host; names it to the server (SNI).
/// @return false when OpenSSL refuses the name.
bool expect_host(SSL* session, const std::string& host, bool host_is_address);

/// Why a handshake failed: the verification's reason if that was it.
std::string handshake_failure(const SSL* session, const std::string& otherwise);

} // namespace tributary::http
