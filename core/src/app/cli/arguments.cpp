#include "app/cli/arguments.hpp"

#include <CLI/CLI.hpp>

#include <ostream>

#include "app/cli/context.hpp"

namespace tributary::app::cli {

struct command::node {
    std::unique_ptr<CLI::App> owned; ///< The root owns the whole tree.
    CLI::App* app = nullptr;
    CLI::Option* last = nullptr;
    function what;
    std::vector<std::shared_ptr<node>> below;

    /// The command that was chosen, the deepest.
    const node* chosen() const {
        for (const auto& child : below)
            if (child->app->parsed())
                return child->chosen();
        return this;
    }

    /// Each command has these options itself. CLI11 could hand on to the root what a command does not know,
    /// but then no workspace could be named like a command.
    void accept_everywhere(context& with) {
        app->add_flag("--json", with.json, "Print one JSON document");
        app->add_option(
               "--config", with.config_file,
               "Configuration; default: $TRIBUTARY_CONFIG, ./tributary.toml, /etc/tributary/tributary.toml")
            ->type_name("FILE")
            ->allow_extra_args(false);
        for (const auto& child : below)
            child->accept_everywhere(with);
    }

    void outline(const std::string& path, std::string& out) const {
        out += path;
        for (const CLI::Option* option : app->get_options())
            if (option->nonpositional() && !option->get_lnames().empty() && !option->get_group().empty())
                out += (out.empty() || out.back() == '\n' ? "--" : " --") + option->get_lnames().front();
        out += '\n';
        for (const auto& child : below)
            child->outline(path.empty() ? child->app->get_name() : path + " " + child->app->get_name(), out);
    }
};

command command::add(const std::string& name, const std::string& summary, const std::string& example) {
    auto made = std::make_shared<node>();
    made->app = node_->app->add_subcommand(name, summary);
    if (!example.empty())
        made->app->footer("\nExample:\n  " + example);
    if (node_->app->get_require_subcommand_min() == 0)
        node_->app->require_subcommand(1);
    node_->below.push_back(made);
    return command(std::move(made));
}

command& command::text(const std::string& names, std::string& into, const std::string& value,
                       const std::string& help) {
    node_->last = node_->app->add_option(names, into, help)->type_name(value);
    return *this;
}

command& command::text(const std::string& names, std::optional<std::string>& into, const std::string& value,
                       const std::string& help) {
    node_->last = node_->app->add_option(names, into, help)->type_name(value)->allow_extra_args(false);
    return *this;
}

command& command::texts(const std::string& names, std::vector<std::string>& into, const std::string& value,
                        const std::string& help) {
    node_->last = node_->app->add_option(names, into, help)->type_name(value);
    if (names.starts_with('-'))
        node_->last->allow_extra_args(false);
    return *this;
}

command& command::number(const std::string& name, std::int64_t& into, std::int64_t least,
                         std::int64_t greatest, const std::string& help) {
    node_->last =
        node_->app->add_option(name, into, help)->type_name("N")->check(CLI::Range(least, greatest));
    return *this;
}

command& command::flag(const std::string& name, bool& into, const std::string& help) {
    node_->last = node_->app->add_flag(name, into, help);
    return *this;
}

command& command::required() {
    node_->last->required();
    return *this;
}

command& command::excludes(const std::string& other) {
    node_->last->excludes(node_->app->get_option(other));
    return *this;
}

command& command::hidden() {
    node_->last->group("");
    return *this;
}

command& command::runs(function what) {
    node_->what = std::move(what);
    return *this;
}

command_line::command_line(const std::string& name, const std::string& summary)
    : root_(std::make_shared<command::node>()) {
    root_.node_->owned = std::make_unique<CLI::App>(summary, name);
    root_.node_->app = root_.node_->owned.get();
    root_.node_->app->footer("\nExit status: 0 done, 1 failed, 2 wrong usage, 3 not found.");
}

result<exit_status> command_line::run(int argc, const char* const* argv, context& with) {
    CLI::App& app = *root_.node_->app;
    root_.node_->accept_everywhere(with);
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        with.out << app.help(); // Of the command that was chosen, with the way to it.
        return exit_status::ok;
    } catch (const CLI::ParseError& wrong) {
        return failure(cli_errc::usage, std::string(wrong.what()) + "; see --help");
    }
    return root_.node_->chosen()->what(with);
}

std::string command_line::outline() const {
    std::string out;
    root_.node_->outline("", out);
    return out;
}

} // namespace tributary::app::cli
