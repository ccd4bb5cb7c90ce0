#include <tributary/base/category.hpp>
#include <tributary/storage/storage.hpp>

namespace tributary::storage {
namespace {

std::string_view message_of(int code) noexcept {
    switch (static_cast<storage_errc>(code)) {
    case storage_errc::conflict: return "the row conflicts with a constraint";
    case storage_errc::busy: return "the database is locked by another writer";
    case storage_errc::full: return "no space left for the database";
    case storage_errc::io: return "the database cannot be read or written";
    case storage_errc::corrupt: return "the database file is damaged or not a database";
    case storage_errc::forbidden: return "the statement touches what it may not touch";
    case storage_errc::invalid: return "the statement is wrong";
    case storage_errc::newer_schema: return "the database was written by a newer version";
    }
    return "unknown storage error";
}

constexpr message_category the_category("tributary.storage", message_of);

} // namespace

const boost::system::error_category& storage_category() noexcept {
    return the_category;
}

} // namespace tributary::storage
