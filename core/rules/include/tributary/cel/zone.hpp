#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace tributary::cel {

/// The rules of one time zone: what its clocks were and will be ahead of UTC. Immutable, thread-safe.
/// @source RFC 9636 (TZif) and, past the last transition that it lists, the POSIX TZ text in its footer.
class zone {
  public:
    /// Reads the content of a TZif file. @return nullptr when it is none, damaged, or counts leap seconds.
    static std::unique_ptr<const zone> parse(std::string_view tzif);
    /// So many seconds ahead of UTC for ever.
    static std::unique_ptr<const zone> fixed(std::int32_t offset_seconds);
    ~zone();

    /// Seconds ahead of UTC at an instant.
    std::int32_t offset_at(std::int64_t epoch_seconds) const noexcept;
    /// The instant at which local clocks showed `local_seconds` (counted as if local time were UTC). Where
    /// they showed it twice the first time, where they never did (clocks went forward) the instant of the
    /// change. Times further than 2^62 seconds away are taken for that limit.
    std::int64_t instant_of(std::int64_t local_seconds) const noexcept;

  private:
    struct rules;
    explicit zone(std::unique_ptr<const rules> given);
    std::unique_ptr<const rules> rules_;
};

/// Named zones of the system's tzdata, read when first asked for and kept. Also "UTC", and fixed offsets as
/// "+hh:mm", "-hh:mm" and "hh:mm", for which no file is read. Thread-safe.
class zone_database {
  public:
    /// @param directory where TZif files lie under their names, such as /usr/share/zoneinfo.
    explicit zone_database(std::string directory = "/usr/share/zoneinfo");
    zone_database(const zone_database&) = delete;
    zone_database& operator=(const zone_database&) = delete;
    ~zone_database();

    /// Reads a file when the zone is asked for the first time. At most 1,024 files are kept. Names consist of
    /// letters, digits, '_', '+', '-' and '/' and begin with a capital: nothing else is looked for on disk,
    /// so that no path leads out of the directory.
    /// @return nullptr for a zone that there is not. Lives as long as the database.
    const zone* find(std::string_view name) const;

    /// The version of tzdata ("2024a"), for keeping beside a result that depends on it; empty when not known.
    std::string version() const;

  private:
    std::string directory_;
    mutable std::mutex lock_;
    mutable std::size_t files_ = 0; // of known_; the others are fixed offsets
    mutable std::map<std::string, std::unique_ptr<const zone>, std::less<>> known_;
};

} // namespace tributary::cel
