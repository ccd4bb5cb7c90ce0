#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace tributary::http::test {

/// Bytes that a proxy in front and a server behind could read differently, or that are simply no request.
struct smuggling_sample {
    std::string name;
    std::string bytes;
    int status = 400;
    bool in_head = true; ///< Wrong within the head, so that the body does not matter.
};

inline std::ostream& operator<<(std::ostream& out, const smuggling_sample& sample) {
    return out << sample.name;
}

/// After each of them the server must answer once and close: what follows has no certain beginning.
inline std::vector<smuggling_sample> smuggling_samples() {
    using namespace std::string_literals;
    const std::string line = "POST / HTTP/1.1\r\nHost: a\r\n";
    const std::string next = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    const std::string chunked = line + "Transfer-Encoding: chunked\r\n\r\n";
    const auto field = [&](const std::string& text) { return line + text + "\r\n\r\n"; };
    std::vector<smuggling_sample> samples = {
        {"length and coding", line + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        {"coding and length", line + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"},
        {"two lengths", line + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"},
        {"the same length twice", line + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"},
        {"list of lengths", field("Content-Length: 3, 3")},
        {"signed length", field("Content-Length: +3")},
        {"negative length", field("Content-Length: -1")},
        {"hexadecimal length", field("Content-Length: 0x3")},
        {"empty length", field("Content-Length:")},
        {"length with a space", field("Content-Length: 1 0")},
        {"length beyond 64 bits", field("Content-Length: 18446744073709551617")},
        {"unknown coding", field("Transfer-Encoding: xchunked")},
        {"coding list", field("Transfer-Encoding: gzip, chunked")},
        {"chunked twice", field("Transfer-Encoding: chunked, chunked")},
        {"two coding fields", field("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity")},
        {"identity", field("Transfer-Encoding: identity")},
        {"quoted coding", field("Transfer-Encoding: \"chunked\"")},
        {"coding with vertical tab", field("Transfer-Encoding:\x0b chunked")},
        {"coding in 1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        {"space before the colon", field("Content-Length : 3")},
        {"tab before the colon", field("Transfer-Encoding\t: chunked")},
        {"folded line", field("X: a\r\n b")},
        {"folded coding", field("Transfer-Encoding:\r\n chunked")},
        {"first field begins with a space", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"},
        {"bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n"},
        {"bare LF after a field", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"},
        {"bare LF at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n"},
        {"bare CR in a value", field("X: a\rTransfer-Encoding: chunked")},
        {"NUL in a value", field("X: a\0b"s)},
        {"NUL in a name", field("X\0: b"s)},
        {"DEL in a value", field("X: a\x7f")},
        {"field without a colon", field("Nonsense")},
        {"field without a name", field(": value")},
        {"space in a name", field("X Y: value")},
        {"no host", "GET / HTTP/1.1\r\n\r\n"},
        {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
        {"the same host twice", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"},
        {"empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"},
        {"host with user", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"},
        {"host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
        {"host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"},
        {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"tab in the request line", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"no version", "GET /\r\nHost: a\r\n\r\n"},
        {"other version", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
        {"odd version", "GET / HTTP/1.10\r\nHost: a\r\n\r\n"},
        {"lower-case version", "GET / http/1.1\r\nHost: a\r\n\r\n"},
        {"method with a slash", "GE/T / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"no method", " / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"authority form", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"other scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"target with user", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"relative target", "GET a/b HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"malformed escape", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"encoded NUL", "GET /a%00 HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"parent segment", "GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"encoded parent segment", "GET /a/%2e%2E HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"control character in the target", "GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"unknown expectation", field("Expect: a-miracle"), 417},
        {"empty lines", "\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"},
        {"TLS on the plain port", "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\n"s},
    };
    const auto bad_chunk = [&](const std::string& name, const std::string& body) {
        samples.push_back({name, chunked + body, 400, false});
    };
    bad_chunk("chunk size with a sign", "+3\r\nabc\r\n0\r\n\r\n");
    bad_chunk("chunk size with 0x", "0x3\r\nabc\r\n0\r\n\r\n");
    bad_chunk("chunk size with a space before", " 3\r\nabc\r\n0\r\n\r\n");
    bad_chunk("chunk size with a space after", "3 \r\nabc\r\n0\r\n\r\n");
    bad_chunk("no chunk size", "\r\nabc\r\n0\r\n\r\n");
    bad_chunk("chunk size beyond 64 bits", "10000000000000003\r\nabc\r\n0\r\n\r\n");
    bad_chunk("chunk size with a bare LF", "3\nabc\r\n0\r\n\r\n");
    bad_chunk("chunk longer than said", "3\r\nabcd\r\n0\r\n\r\n");
    bad_chunk("chunk ends with a bare LF", "3\r\nabc\n0\r\n\r\n");
    bad_chunk("chunk ends with CR and another byte", "3\r\nabc\rX0\r\n\r\n");
    bad_chunk("NUL in an extension", "3;a=\0\r\nabc\r\n0\r\n\r\n"s);
    bad_chunk("CR in an extension", "3;a\rb\r\nabc\r\n0\r\n\r\n");
    bad_chunk("endless extension", "3;" + std::string(5000, 'x') + "\r\nabc\r\n0\r\n\r\n");
    bad_chunk("folded trailer", "0\r\nX: a\r\n b\r\n\r\n");
    bad_chunk("bare LF in the trailers", "0\r\nX: a\n\r\n");
    bad_chunk("bare LF at the end of the trailers", "0\r\n\n");
    bad_chunk(
        "endless trailers", "0\r\n" + [] {
            std::string fields;
            for (int count = 0; count < 2000; ++count)
                fields += "X: 0123456789\r\n";
            return fields;
        }() + "\r\n");
    for (auto& sample : samples)
        sample.bytes += next;
    return samples;
}

} // namespace tributary::http::test
