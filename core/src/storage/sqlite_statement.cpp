#include <charconv>
#include <storage/sql_words.hpp>
#include <storage/sqlite_error.hpp>
#include <storage/sqlite_statement.hpp>
#include <utility>

namespace tributary::storage {
namespace {

/// Binds one parameter; a visitor of value.
struct binder {
    sqlite3_stmt* statement;
    int place;

    int operator()(std::monostate) const { return sqlite3_bind_null(statement, place); }
    int operator()(std::int64_t number) const { return sqlite3_bind_int64(statement, place, number); }
    // A null pointer would bind NULL; an empty text or blob is not NULL.
    int operator()(std::string_view text) const {
        return sqlite3_bind_text64(statement, place, text.empty() ? "" : text.data(), text.size(),
                                   SQLITE_STATIC, SQLITE_UTF8);
    }
    int operator()(blob bytes) const {
        return sqlite3_bind_blob64(statement, place, bytes.bytes.empty() ? "" : bytes.bytes.data(),
                                   bytes.bytes.size(), SQLITE_STATIC);
    }
};

/// The number of "$7", or 0 when it is not a parameter of ours.
std::size_t number_of(const char* parameter) {
    const std::string_view text = parameter ? parameter : "";
    if (text.size() < 2 || text[0] != '$' || text[1] == '0')
        return 0;
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? number : 0;
}

bool is_blank_sql(std::string_view sql) {
    for (const auto& word : sql_words(sql)) {
        if (!word.is_sign(';'))
            return false;
    }
    return true;
}

} // namespace

result<sqlite_statement> sqlite_statement::prepare(sqlite_connection& on, std::string_view name,
                                                   std::string_view sql, purpose why,
                                                   std::string_view* rest) {
    auto& authorizer = on.authorizer();
    if (!authorizer.acts_for_core() && shadows_published_view(sql))
        return named_failure(storage_errc::forbidden, name,
                             "may not define a name that starts with published_");
    if (sql.empty())
        sql = ""; // SQLite wants a pointer that is not null.
    authorizer.start_prepare(why == purpose::own_control);
    const unsigned flags = why == purpose::once ? 0 : SQLITE_PREPARE_PERSISTENT;
    sqlite3_stmt* raw = nullptr;
    const char* tail = nullptr;
    const int code =
        sqlite3_prepare_v3(on.handle(), sql.data(), static_cast<int>(sql.size()), flags, &raw, &tail);
    authorizer.end_prepare();
    sqlite_statement prepared;
    prepared.statement_.reset(raw);
    if (code != SQLITE_OK) {
        // SQLite reports some refusals as plain errors, so we ask the one who refused.
        if (!authorizer.refusal().empty())
            return named_failure(storage_errc::forbidden, name, authorizer.refusal());
        return sqlite_failure(on.handle(), code, name);
    }
    const auto remaining = sql.substr(static_cast<std::size_t>(tail - sql.data()));
    if (rest)
        *rest = remaining;
    else if (!is_blank_sql(remaining))
        return named_failure(storage_errc::invalid, name, "more than one statement");
    if (!prepared.empty())
        TRIBUTARY_TRY(prepared.place_parameters(name));
    return prepared;
}

result<void> sqlite_statement::place_parameters(std::string_view name) {
    const auto count = static_cast<std::size_t>(sqlite3_bind_parameter_count(get()));
    places_.assign(count, 0);
    for (std::size_t place = 1; place <= count; ++place) {
        const auto number = number_of(sqlite3_bind_parameter_name(get(), static_cast<int>(place)));
        // Names are distinct, so numbers within 1..count leave no gap.
        if (number == 0 || number > count)
            return named_failure(storage_errc::invalid, name, "parameters must be $1, $2, ... without gaps");
        places_[number - 1] = static_cast<int>(place);
    }
    return {};
}

result<void> sqlite_statement::bind(std::string_view name, std::span<const value> parameters) {
    if (parameters.size() != places_.size())
        return named_failure(storage_errc::invalid, name,
                             "takes " + std::to_string(places_.size()) + " parameters, got " +
                                 std::to_string(parameters.size()));
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const int code = std::visit(binder{get(), places_[i]}, parameters[i]);
        if (code != SQLITE_OK) {
            auto why = sqlite_failure(sqlite3_db_handle(get()), code, name);
            reset();
            return why;
        }
    }
    return {};
}

void sqlite_statement::reset() noexcept {
    sqlite3_reset(get());
    sqlite3_clear_bindings(get());
}

sqlite_statement* sqlite_statement_cache::find(std::size_t authority_number, std::string_view sql) {
    const auto found = by_key_.find(key{authority_number, sql});
    if (found == by_key_.end())
        return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->statement;
}

sqlite_statement* sqlite_statement_cache::insert(std::size_t authority_number, std::string_view sql,
                                                 sqlite_statement statement) {
    if (entries_.size() >= limit_) {
        by_key_.erase(key{entries_.back().authority_number, entries_.back().sql});
        entries_.pop_back();
    }
    entries_.push_front(entry{authority_number, std::string(sql), std::move(statement)});
    by_key_.emplace(key{authority_number, entries_.front().sql}, entries_.begin());
    return &entries_.front().statement;
}

} // namespace tributary::storage
