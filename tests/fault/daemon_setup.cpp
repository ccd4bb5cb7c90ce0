#include "fault/daemon_setup.hpp"

#include <tributary/accounts/api_keys.hpp>
#include <tributary/accounts/connections.hpp>
#include <tributary/accounts/key_file.hpp>
#include <tributary/accounts/workspaces.hpp>
#include <tributary/base/entropy.hpp>
#include <tributary/storage/storage.hpp>

#include <stdexcept>

namespace tributary::test {
namespace {

template <class T> T must(result<T> from) {
    if (!from)
        throw std::runtime_error(from.error().text());
    return std::move(from).value();
}

std::unique_ptr<storage::database> open(const std::filesystem::path& directory) {
    storage::sqlite_options options;
    options.path = (directory / "tributary.db").string();
    return must(storage::open_sqlite(options));
}

} // namespace

prepared_database prepare_database(const std::filesystem::path& directory, std::string_view provider,
                                   std::string_view realm, std::string_view signing_secret) {
    const system_clock time;
    system_entropy random;
    accounts::key_sources sources;
    sources.key_file = (directory / "master.key").string();
    if (const auto made = accounts::generate_key_file(sources.key_file, random); !made)
        throw std::runtime_error(made.error().text());
    const accounts::secret_box box = must(accounts::load_secret_box(sources));
    const auto database = open(directory);
    const auto writer = must(database->open_writer());
    must(storage::migrate(*database, *writer, "core", storage::core_migrations(), time.now_ms()));
    const auto workspace = must(accounts::workspaces(*writer, time, random, box).create("test"));
    accounts::connections connections(*writer, time, random, box);
    accounts::new_connection wanted;
    wanted.workspace_id = workspace.workspace_id;
    wanted.provider = provider;
    wanted.realm = realm;
    wanted.notify_from = 0;
    const auto made = must(connections.create(wanted));
    must(connections.add_secret(workspace.workspace_id, made.connection_id, "signing",
                                secret_text(signing_secret)));
    accounts::new_api_key key;
    key.workspace_id = workspace.workspace_id;
    key.name = "test";
    key.scopes = {"*"};
    const auto created = must(accounts::api_keys(*writer, time, random).create(key));
    return {made.connection_id, std::string(created.clear.reveal())};
}

std::map<std::string, std::string> daemon_environment(const std::filesystem::path& directory,
                                                      const std::string& plugin_directory) {
    return {{"TRIBUTARY_SERVER_LISTEN", "127.0.0.1:0"},
            {"TRIBUTARY_ADMIN_LISTEN", "127.0.0.1:0"},
            {"TRIBUTARY_STORAGE_PATH", (directory / "tributary.db").string()},
            {"TRIBUTARY_SECRETS_KEY_FILE", (directory / "master.key").string()},
            {"TRIBUTARY_PLUGINS_DIRECTORIES", plugin_directory}};
}

database_reader::database_reader(const std::filesystem::path& directory)
    : database_(open(directory)), session_(must(database_->open_reader())) {}

database_reader::~database_reader() = default;

std::int64_t database_reader::number(const std::string& sql, std::string_view parameter) const {
    std::int64_t found = -1;
    const storage::value value(parameter);
    const auto parameters = parameter.empty() ? std::span<const storage::value>() : std::span(&value, 1);
    const auto done = session_->query({"test", sql}, parameters,
                                      [&](const storage::row& from) { found = from.integer(0); });
    if (!done)
        throw std::runtime_error(done.error().text());
    return found;
}

std::string database_reader::text(const std::string& sql) const {
    std::string lines;
    const auto done = session_->query({"test", sql}, {}, [&](const storage::row& from) {
        lines += from.text(0);
        lines += '\n';
    });
    if (!done)
        throw std::runtime_error(done.error().text());
    return lines;
}

} // namespace tributary::test
