#include <tributary/cel/zone.hpp>

#include <algorithm>
#include <limits>
#include <vector>

#include "recurring_zone.hpp"

namespace tributary::cel {

namespace {

struct offset_change {
    std::int64_t at;
    std::int32_t offset; // From then on.
};
using offset_changes = std::vector<offset_change>;

/// The first change after an instant.
offset_changes::const_iterator next_in(const offset_changes& changes, std::int64_t instant) noexcept {
    return std::upper_bound(changes.begin(), changes.end(), instant,
                            [](std::int64_t asked, const offset_change& each) { return asked < each.at; });
}

} // namespace

/// Immutable once made.
struct zone::rules {
    std::int32_t first_offset = 0;
    offset_changes changes;               // Ascending.
    std::optional<recurring_zone> footer; // From the last change on.

    std::int32_t offset_at(std::int64_t instant) const noexcept;
    std::int64_t next_change(std::int64_t instant) const noexcept;
};

namespace {

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
/// No clock is further from UTC. @source RFC 9636, section 3.2: more than -25 and less than 26 hours.
constexpr std::int32_t offset_max = 26 * 3600;
constexpr std::int32_t offset_min = -25 * 3600;

/// The numbers of a TZif file, most significant byte first. Never reads beyond the end: what is not there is
/// zero, and good() is false from then on.
class octets {
  public:
    explicit octets(std::string_view rest) noexcept : rest_(rest) {}

    bool good() const noexcept { return good_; }
    std::string_view rest() const noexcept { return rest_; }

    std::string_view take(std::size_t count) noexcept {
        if (count > rest_.size()) {
            good_ = false;
            rest_ = {};
            return {};
        }
        const std::string_view taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }
    std::uint64_t number(std::size_t width) noexcept {
        std::uint64_t made = 0;
        for (const char each : take(width))
            made = made << 8 | static_cast<unsigned char>(each);
        return made;
    }
    std::uint8_t octet() noexcept { return static_cast<std::uint8_t>(number(1)); }
    std::int32_t int32() noexcept { return static_cast<std::int32_t>(number(4)); }
    /// A time of so many octets, 4 or 8.
    std::int64_t time(std::size_t width) noexcept {
        return width == 4 ? int32() : static_cast<std::int64_t>(number(8));
    }

  private:
    std::string_view rest_;
    bool good_ = true;
};

/// How many there are of what follows, in the order of the header.
struct counts {
    std::size_t ut_marks = 0;
    std::size_t standard_marks = 0;
    std::size_t leap_seconds = 0;
    std::size_t changes = 0;
    std::size_t types = 0;
    std::size_t characters = 0;

    /// Octets of the block, whose times have so many each.
    std::size_t size(std::size_t width) const noexcept {
        return changes * (width + 1) + types * 6 + characters + leap_seconds * (width + 4) + standard_marks +
               ut_marks;
    }
};

bool read_header(octets& from, char& version, counts& into) noexcept {
    if (from.take(4) != "TZif")
        return false;
    version = static_cast<char>(from.octet());
    from.take(15);
    for (std::size_t* each : {&into.ut_marks, &into.standard_marks, &into.leap_seconds, &into.changes,
                              &into.types, &into.characters})
        *each = from.number(4);
    return from.good() && (version == '\0' || version >= '2');
}

/// A count that no block can have would make a vector of any size: this is asked before one is made.
bool are_possible(const counts& given, std::size_t width, std::size_t octets_left) noexcept {
    const bool marks = (given.ut_marks == 0 || given.ut_marks == given.types) &&
                       (given.standard_marks == 0 || given.standard_marks == given.types);
    // Files that count leap seconds have another time scale than everything here.
    return given.types >= 1 && given.types <= 256 && given.characters >= 1 && marks &&
           given.leap_seconds == 0 && given.size(width) <= octets_left;
}

bool read_block(octets& from, const counts& given, std::size_t width, std::int32_t& first_offset,
                offset_changes& changes) {
    if (!are_possible(given, width, from.rest().size()))
        return false;
    changes.resize(given.changes);
    for (offset_change& each : changes)
        each.at = from.time(width);
    octets kinds(from.take(given.changes));
    std::vector<std::int32_t> offsets(given.types);
    for (std::int32_t& each : offsets) {
        each = from.int32();
        const bool is_summer_or_not = from.octet() <= 1;
        if (!is_summer_or_not || from.octet() >= given.characters || each <= offset_min || each >= offset_max)
            return false;
    }
    first_offset = offsets.front();
    for (offset_change& each : changes) {
        const std::size_t kind = kinds.octet();
        if (kind >= offsets.size())
            return false;
        each.offset = offsets[kind];
    }
    from.take(given.characters + given.standard_marks + given.ut_marks);
    const auto out_of_order = [](const offset_change& left, const offset_change& right) {
        return left.at >= right.at;
    };
    return std::adjacent_find(changes.begin(), changes.end(), out_of_order) == changes.end();
}

/// "\nCET-1CEST,M3.5.0,M10.5.0/3\n", or "\n\n" when nothing is known of the time after the last change.
bool read_footer(std::string_view text, std::optional<recurring_zone>& into) noexcept {
    if (!text.starts_with('\n'))
        return false;
    text.remove_prefix(1);
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos)
        return false;
    if (end == 0)
        return true;
    into = recurring_zone::parse(text.substr(0, end));
    return into.has_value();
}

} // namespace

std::int32_t zone::rules::offset_at(std::int64_t instant) const noexcept {
    if (footer && (changes.empty() || instant >= changes.back().at))
        return footer->offset_at(instant);
    const auto after = next_in(changes, instant);
    return after == changes.begin() ? first_offset : std::prev(after)->offset;
}

std::int64_t zone::rules::next_change(std::int64_t instant) const noexcept {
    if (!changes.empty() && instant < changes.back().at)
        return next_in(changes, instant)->at;
    return footer ? footer->next_change(instant) : never;
}

zone::zone(std::unique_ptr<const rules> given) : rules_(std::move(given)) {}
zone::~zone() = default;

std::unique_ptr<const zone> zone::parse(std::string_view tzif) {
    octets from(tzif);
    char version = '\0';
    counts given;
    if (!read_header(from, version, given))
        return nullptr;
    auto made = std::make_unique<rules>();
    if (version == '\0') {
        if (!read_block(from, given, 4, made->first_offset, made->changes))
            return nullptr;
    } else {
        // The same once more with times of 64 bits; the first block is for readers that know no other.
        from.take(given.size(4));
        if (!read_header(from, version, given) || version == '\0' ||
            !read_block(from, given, 8, made->first_offset, made->changes) ||
            !read_footer(from.rest(), made->footer))
            return nullptr;
    }
    return std::unique_ptr<const zone>(new zone(std::move(made)));
}

std::unique_ptr<const zone> zone::fixed(std::int32_t offset_seconds) {
    auto made = std::make_unique<rules>();
    made->first_offset = offset_seconds;
    return std::unique_ptr<const zone>(new zone(std::move(made)));
}

std::int32_t zone::offset_at(std::int64_t epoch_seconds) const noexcept {
    return rules_->offset_at(epoch_seconds);
}

std::int64_t zone::instant_of(std::int64_t local_seconds) const noexcept {
    // Far beyond any calendar, and no sum with an offset leaves 64 bits.
    constexpr std::int64_t farthest = std::int64_t{1} << 62;
    const std::int64_t local = std::clamp(local_seconds, -farthest, farthest);
    // One stretch of an unchanging offset after the other, from the first in which the clocks may show it.
    std::int64_t begin = local - offset_max;
    std::optional<std::int64_t> skipped_at;
    for (;;) {
        const std::int64_t offset = rules_->offset_at(begin);
        const std::int64_t end = rules_->next_change(begin);
        const std::int64_t candidate = local - offset;
        if (candidate < end && (candidate >= begin || begin == local - offset_max))
            return candidate;
        if (end > local - offset_min)
            break;
        if (!skipped_at && candidate >= end && local - rules_->offset_at(end) < end)
            skipped_at = end;
        begin = end;
    }
    return skipped_at.value_or(local - rules_->offset_at(local));
}

} // namespace tributary::cel
