#include "told_facts.hpp"

#include <tributary/facts/fact.hpp>

#include "property.hpp"

namespace tributary::fuzz {
namespace {

std::string_view view(trb_str text) {
    return {text.data == nullptr ? "" : text.data, static_cast<std::size_t>(text.size)};
}

trb_status emit(void* self, const trb_fact* fact) noexcept {
    const auto encoded = facts::encode_fact(*fact, "stripe:acct_own");
    must(encoded.has_value(), "the host takes every fact",
         encoded.has_value() ? "" : std::string(view(fact->document_id)) + ": " + encoded.error().text());
    static_cast<told_facts*>(self)->facts.push_back(facts::serialise_fact(*encoded));
    return TRB_OK;
}

/// What the engine checks of a request (copy_want), and that no header can be broken up.
void want(void* self, const trb_http_request* request) noexcept {
    constexpr std::size_t purpose_bytes_max = 512;
    const std::string_view purpose = view(request->purpose);
    must(!purpose.empty() && purpose.size() <= purpose_bytes_max && facts::is_plain_text(purpose),
         "the host takes every purpose", purpose);
    std::string text = std::string(purpose) + " " + std::string(view(request->method)) + " " +
                       std::string(view(request->url));
    for (std::uint32_t index = 0; index < request->header_count; ++index)
        text += "|" + std::string(view(request->headers[index].name)) + ": " +
                std::string(view(request->headers[index].value));
    must(facts::is_plain_text(text), "the host takes every request", text);
    for (const char letter : text)
        must(static_cast<unsigned char>(letter) >= ' ' && letter != '\x7f', "no control character is sent",
             text);
    static_cast<told_facts*>(self)->wants.push_back(std::move(text));
}

void note(void* self, trb_str code, trb_str text) noexcept {
    // The engine drops a note that is no text, silently: nobody would ever read it.
    must(code.size > 0 && facts::is_plain_text(view(code)), "a note has a code", view(code));
    must(text.size > 0 && facts::is_plain_text(view(text)), "a note is text", view(text));
    if (view(code) == TRB_NOTE_DRIFT) {
        const std::size_t path_end = view(text).find(' ');
        must(path_end > 0 && path_end <= 120 && view(text).find(' ', path_end + 2) != std::string_view::npos,
             "drift is a short path, a version and what was seen", view(text));
    }
    static_cast<told_facts*>(self)->notes.push_back(std::string(view(code)) + ": " + std::string(view(text)));
}

} // namespace

trb_fact_sink checking_sink(told_facts& into) {
    return {sizeof(trb_fact_sink), 0, &into, &emit, &want, &note};
}

} // namespace tributary::fuzz
