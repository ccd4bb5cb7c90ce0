#include "isolation/wire.hpp"

#include <algorithm>

namespace tributary::isolation {
namespace {

/// No element of any array takes fewer bytes: a small frame cannot ask for much memory.
constexpr std::size_t element_bytes_min = 4;

} // namespace

writer::~writer() {
    ::explicit_bzero(bytes_.data(), bytes_.size());
}

void writer::append(const void* bytes, std::size_t count) {
    if (!ok())
        return;
    if (count > content_bytes_max - bytes_.size())
        return fail(problem::too_large);
    if (bytes_.size() + count > bytes_.capacity()) {
        std::string larger;
        larger.reserve(std::max<std::size_t>({1024, bytes_.size() + count, 2 * bytes_.capacity()}));
        larger = bytes_;
        ::explicit_bzero(bytes_.data(), bytes_.size());
        bytes_.swap(larger);
    }
    bytes_.append(static_cast<const char*>(bytes), count);
}

void writer::text(trb_str value) {
    if (value.size > content_bytes_max)
        return fail(problem::too_large);
    number(static_cast<std::uint32_t>(value.size));
    if (value.size > 0)
        append(value.data, static_cast<std::size_t>(value.size));
}

void writer::money(const trb_money& value) {
    number(value.amount_minor);
    append(value.currency, sizeof value.currency);
    number(value.exponent);
}

void writer::take_back(std::size_t size) noexcept {
    ::explicit_bzero(bytes_.data() + size, bytes_.size() - size);
    bytes_.resize(size);
    problem_ = problem::none;
}

void reader::take(void* into, std::size_t count) noexcept {
    if (count > bytes_.size()) {
        fail();
        std::memset(into, 0, count);
        return;
    }
    std::memcpy(into, bytes_.data(), count);
    bytes_.remove_prefix(count);
}

std::string_view reader::raw(std::size_t count) {
    if (count > bytes_.size()) {
        fail();
        return {};
    }
    const std::string_view taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
}

std::string_view reader::text() {
    return raw(number<std::uint32_t>());
}

void reader::text(trb_str& value) {
    const std::string_view taken = text();
    value = taken.empty() ? trb_str{"", 0} : trb_str{taken.data(), taken.size()};
}

void reader::money(trb_money& value) {
    number(value.amount_minor);
    take(value.currency, sizeof value.currency);
    number(value.exponent);
    // Whoever reads it as the NUL-terminated text that it should be must not run on; and "USDX" must not
    // become "USD" by losing its end.
    if (value.currency[3] != '\0')
        std::memcpy(value.currency, "???", sizeof value.currency);
}

std::uint32_t reader::count(std::uint64_t most) {
    const auto stated = number<std::uint32_t>();
    if (stated > most || stated > bytes_.size() / element_bytes_min) {
        fail();
        return 0;
    }
    return stated;
}

} // namespace tributary::isolation
