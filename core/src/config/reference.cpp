#include <tributary/base/assert.hpp>
#include <tributary/config/load.hpp>
#include <tributary/config/options.hpp>

#include <algorithm>
#include <array>

#include "config/units.hpp"

namespace tributary::config {
namespace {

constexpr std::string_view introduction = R"md(# Configuration of tributaryd

<!-- Made by configuration_reference_markdown() from the table of options; a test compares them. -->

The daemon reads one TOML file, once, when it starts. Every key has a default, so that the file may be empty
or absent. `tributaryd --print-config` shows the effective values and where each one came from.

**Environment.** Every key is also a variable, named below, and the variable wins over the file. Lists are
separated by commas. The same name with `_FILE` at its end is the path of a file that holds the value (a
newline at its end does not count); setting both is an error. `TRIBUTARY_PLUGIN_<SHORT NAME>_<KEY>` sets a
key of a plugin's table: `true`, `false`, whole numbers, and what starts with a quote, a bracket or a brace
is read as TOML, everything else is text.

**Values.** Durations have a unit: `"200us"`, `"500ms"`, `"10s"`, `"5m"`, `"2h"`, `"1d"`. Sizes are bytes,
or have a unit: `4096`, `"64KiB"`, `"1MiB"`, `"10MB"`. Paths are relative to the working directory.

**Errors.** A key that does not exist, a value of a wrong type or out of its range, and settings that
exclude each other keep the daemon from starting. All of them are reported at once, each with its file and
line or its variable, and with the nearest key that does exist. A variable that starts with `TRIBUTARY_` but
names no section is ignored with a warning, unless it is nearly the name of a setting. The variables that
Kubernetes makes for Services are ignored.

**Secrets.** The master key comes from `secrets.key_file`, from the systemd credential `tributary-key`
(`LoadCredential=tributary-key:/etc/tributary/key`), or from the variable `TRIBUTARY_SECRETS_KEY`. A key
file must be readable by its owner only, except below systemd's credentials directory. `--print-config`
shows no secret, nor a value of a plugin's table whose name contains key, secret, token, password or
credential.
)md";

constexpr std::string_view plugin_section = R"md(
## [plugin.\<name\>]

One table for each instance of a plugin. Every plugin that is found has an instance of its own short name; a
table of another name is a further instance of the plugin that its key `plugin` names, with settings of its
own (connections name it as their provider). A plugin with tables or routes can have one instance only.

These keys are the host's:

- `plugin`: short name of the plugin. Default: the name of the table.
- `isolation`: `"none"`, in the daemon's own process, or `"process"`, in one of its own that can do no harm
  to the daemon; see `isolation.md`. Default: `"none"`.
- `isolation_memory`: what that process may allocate, at least `"16MiB"`. Default: `"512MiB"`.
- `isolation_files`: may that process use files, with the daemon's rights? For a sink that writes them; it is
  then protected from faults, not from malice. Default: `false`.

All others are handed to the plugin as a JSON object. Each plugin's README lists its keys; `tributary plugin
info NAME` shows them. Those that it does not know keep the daemon from starting. Dates and times become
text. A table for an instance that `plugins.enabled` does not name is reported as a warning.

```toml
[plugin.acme]
tolerance_seconds = 300

[plugin.acme2]
plugin = "acme"
isolation = "process"
```
)md";

struct section_text {
    std::string_view section;
    std::string_view line;
};

constexpr std::array section_lines{
    section_text{"server", "The public listener: webhooks, the API and links."},
    section_text{"admin", "The listener for operators."},
    section_text{"storage", "Where everything is kept."},
    section_text{"secrets", "The master key that seals providers' secrets at rest."},
    section_text{"log", "Lines on standard error."},
    section_text{"plugins", "Which plugins are loaded, and from where."},
    section_text{"engine", "Limits of storing and booking deliveries."},
};

std::string_view section_line(std::string_view section) {
    const auto found = std::ranges::find(section_lines, section, &section_text::section);
    TRIBUTARY_ASSERT(found != section_lines.end(), "every section of the table of options has its line");
    return found->line;
}

void append_option(std::string& out, const option_info& option) {
    const setting_value value = option.load(configuration{});
    const std::string allowed = allowed_text(option);
    out += "### `" + std::string(option.key) + "`\n\n" + std::string(option.description) + "\n\n";
    out += "- Default: `" + (option.secret() ? "\"\"" : toml_text(option, value)) + "`\n";
    out += "- Value: " + allowed + "\n";
    out += "- Environment: `" + environment_name(option.key) + "`\n\n";
}

} // namespace

std::string allowed_text(const option_info& option) {
    const auto range = [&](auto text) { return text(option.minimum) + " to " + text(option.maximum); };
    switch (option.kind) {
    case option_kind::integer: return range([](std::int64_t value) { return std::to_string(value); });
    case option_kind::size: return range(size_text);
    case option_kind::duration:
        return range([&](std::int64_t value) { return duration_text(value, option.unit_us); });
    case option_kind::choice: {
        std::string out;
        for (std::size_t index = 0; index < option.choices.size(); ++index) {
            if (index > 0)
                out += index + 1 == option.choices.size() ? " or " : ", ";
            out += "`" + std::string(option.choices[index]) + "`";
        }
        return out;
    }
    case option_kind::path: return option.minimum > 0 ? "a path" : "a path, or empty";
    case option_kind::address:
        return "a literal address and a port, such as `127.0.0.1:8080` or `[::1]:8080`";
    case option_kind::url: return "an http or https URL without query, or empty";
    case option_kind::secret: return "text";
    case option_kind::paths: return "a list of up to " + std::to_string(option.maximum) + " paths";
    case option_kind::networks:
        return "a list of up to " + std::to_string(option.maximum) + " addresses or CIDR blocks";
    case option_kind::names: return "a list of up to " + std::to_string(option.maximum) + " names";
    }
    return {};
}

std::string configuration_reference_markdown() {
    std::string out(introduction);
    std::string_view section;
    for (const option_info& option : options()) {
        if (option.section() != section) {
            section = option.section();
            out += "\n## [" + std::string(section) + "]\n\n" + std::string(section_line(section)) + "\n\n";
        } else {
            out += '\n';
        }
        append_option(out, option);
        out.pop_back();
    }
    return out + std::string(plugin_section);
}

} // namespace tributary::config
