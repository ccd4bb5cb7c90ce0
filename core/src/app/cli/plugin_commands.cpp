#include "app/cli/commands.hpp"
#include "app/cli/context.hpp"
#include "app/cli/document.hpp"
#include "app/cli/table.hpp"
#include "app/cli/workbench.hpp"

namespace tributary::app::cli {
namespace {

document describe(const plugins::plugin& of) {
    std::vector<std::string> extensions;
    if (of.provider != nullptr)
        extensions.emplace_back("provider");
    if (of.projection != nullptr)
        extensions.emplace_back("projection");
    if (of.routes != nullptr)
        extensions.emplace_back("http_routes");
    if (of.simulator != nullptr)
        extensions.emplace_back("simulator");
    document made = document::record();
    made.set("name", of.short_name()).set("version", of.version()).set("plugin_id", of.id());
    made.set("extensions", document::texts(extensions));
    made.set("normaliser_version",
             of.provider == nullptr ? document() : document(of.provider->normaliser_version));
    made.set("fold_version", of.projection == nullptr ? document() : document(of.projection->fold_version));
    return made;
}

result<exit_status> list_plugins(context& with) {
    TRIBUTARY_TRY_ASSIGN(settings, with.settings());
    TRIBUTARY_TRY_ASSIGN(
        parts, assembly::open(std::move(settings), {.database = false, .require_key = false, .quiet = true}));
    document list = document::list();
    for (const auto& plugin : parts->plugins().all())
        list.push(describe(*plugin));
    with.show(document::record().set("plugins", list), [&] {
        return table_text(list,
                          {{"name", "NAME"},
                           {"version", "VERSION"},
                           {"plugin_id", "PLUGIN"},
                           {"extensions", "EXTENSIONS"},
                           {"normaliser_version", "NORMALISER"},
                           {"fold_version", "FOLD"}},
                          "no plugin is loaded: see plugins.directories and plugins.enabled");
    });
    return exit_status::ok;
}

result<exit_status> show_version(context& with) {
    const std::string abi = std::to_string(TRB_ABI_MAJOR) + "." + std::to_string(TRB_ABI_MINOR);
    with.show(document::record().set("version", TRIBUTARY_VERSION).set("plugin_abi", abi),
              [&] { return "tributary " TRIBUTARY_VERSION ", plugin ABI " + abi + "\n"; });
    return exit_status::ok;
}

} // namespace

void add_plugin_commands(command root) {
    command group = root.add("plugin", "Plugins: providers and projections");
    group.add("list", "List the plugins that the daemon would load", "tributary plugin list")
        .runs(list_plugins);
    add_plugin_check_command(group);
}

void add_version_command(command root) {
    root.add("version", "Print the version", "tributary version").runs(show_version);
}

} // namespace tributary::app::cli
