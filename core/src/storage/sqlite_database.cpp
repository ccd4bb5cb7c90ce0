#include <tributary/storage/storage.hpp>

#include <storage/sqlite_connection.hpp>
#include <storage/sqlite_session.hpp>
#include <utility>

namespace tributary::storage {
namespace {

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

/// Thread-safe: nothing changes after the constructor.
class sqlite_database final : public database {
  public:
    sqlite_database(sqlite_options options, std::shared_ptr<sqlite_connection> memory)
        : options_(std::move(options)), memory_(std::move(memory)) {}

    result<std::unique_ptr<session>> open_writer() override {
        return open(sqlite_connection::role::writer, sqlite_session::access::read_write);
    }
    result<std::unique_ptr<session>> open_reader() override {
        return open(sqlite_connection::role::reader, sqlite_session::access::read_only);
    }
    std::string_view backend() const noexcept override { return "sqlite"; }
    std::string dialect(std::string_view portable_sql) const override {
        std::string sql(portable_sql);
        replace_all(sql, "{blob}", "BLOB");
        // AUTOINCREMENT: without it the highest id is given again after its row is deleted.
        replace_all(sql, "{serial}", "INTEGER PRIMARY KEY AUTOINCREMENT");
        return sql;
    }

  private:
    result<std::unique_ptr<session>> open(sqlite_connection::role role, sqlite_session::access access) {
        auto connection = memory_;
        if (!connection) {
            TRIBUTARY_TRY_ASSIGN(own, sqlite_connection::open(options_, role));
            connection = std::move(own);
        }
        return std::unique_ptr<session>(
            std::make_unique<sqlite_session>(std::move(connection), access, options_.on_prepare));
    }

    sqlite_options options_;
    std::shared_ptr<sqlite_connection> memory_; ///< Of a database in memory; null for a file.
};

} // namespace

result<std::unique_ptr<database>> open_sqlite(sqlite_options options) {
    const bool in_memory = options.path.empty();
    using role = sqlite_connection::role;
    // Also for a file: a wrong path or a file that is no database is told here, and the file exists for
    // readers.
    TRIBUTARY_TRY_ASSIGN(connection,
                         sqlite_connection::open(options, in_memory ? role::memory : role::writer));
    return std::unique_ptr<database>(
        std::make_unique<sqlite_database>(std::move(options), in_memory ? std::move(connection) : nullptr));
}

} // namespace tributary::storage
