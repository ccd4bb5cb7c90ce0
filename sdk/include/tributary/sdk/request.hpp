#pragma once

#include <tributary/sdk/base.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tributary::sdk {

/// A request that the host is asked to make; owns its texts, so that it can be put together from temporaries.
///
/// A secret is written as {secret:NAME} and replaced by the host. See trb_http_request for what the purpose
/// means. Copyable; not thread-safe.
class request {
  public:
    /// @param url      absolute, https.
    /// @param purpose  comes back with the answer; the same purpose asked twice makes one request.
    request(std::string method, std::string url, std::string purpose)
        : method_(std::move(method)), url_(std::move(url)), purpose_(std::move(purpose)) {}

    static request get(std::string url, std::string purpose) {
        return {"GET", std::move(url), std::move(purpose)};
    }
    static request post(std::string url, std::string purpose, std::string content_type, std::string body) {
        request made("POST", std::move(url), std::move(purpose));
        made.body_ = std::move(body);
        made.header("Content-Type", std::move(content_type));
        return made;
    }
    static request remove(std::string url, std::string purpose) {
        return {"DELETE", std::move(url), std::move(purpose)};
    }

    request& header(std::string name, std::string value) & {
        headers_.emplace_back(std::move(name), std::move(value));
        return *this;
    }
    request&& header(std::string name, std::string value) && {
        headers_.emplace_back(std::move(name), std::move(value));
        return std::move(*this);
    }
    /// Authorization: Bearer {secret:NAME}
    request&& bearer(std::string_view secret_name) && {
        return std::move(*this).header("Authorization", "Bearer {secret:" + std::string(secret_name) + "}");
    }

    const std::string& purpose() const noexcept { return purpose_; }

    /// Calls receiver(const trb_http_request&) with views of this request, valid during that call.
    template <class Receiver> void show_to(Receiver&& receiver) const {
        std::vector<trb_pair> pairs;
        pairs.reserve(headers_.size());
        for (const auto& [name, value] : headers_)
            pairs.push_back({view(name), view(value)});
        const trb_http_request made{sizeof(trb_http_request),
                                    static_cast<std::uint32_t>(pairs.size()),
                                    view(method_),
                                    view(url_),
                                    pairs.data(),
                                    view(body_),
                                    view(purpose_)};
        receiver(made);
    }

  private:
    std::string method_;
    std::string url_;
    std::string purpose_;
    std::vector<std::pair<std::string, std::string>> headers_;
    std::string body_;
};

} // namespace tributary::sdk
