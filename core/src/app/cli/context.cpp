#include "app/cli/context.hpp"

#include <ostream>

#include "app/cli/document.hpp"
#include "app/cli/errors.hpp"
#include "app/config_file.hpp"

namespace tributary::app::cli {

void context::show_json(const document& what) {
    out << what.json();
}

void context::show_text(const std::string& text) {
    out << text;
}

void context::warn(const std::string& text) {
    err << "tributary: " << printable(text) << "\n";
}

std::optional<std::filesystem::path> context::configuration_file() const {
    return find_config_file(config_file ? std::optional<std::filesystem::path>(*config_file) : std::nullopt,
                            environment);
}

result<config::configuration> context::settings() const {
    config::environment_map variables = environment;
    variables.erase("TRIBUTARY_API_KEY"); // Ours, no setting of the daemon.
    auto loaded = config::load_configuration(configuration_file(), variables);
    if (loaded)
        return std::move(*loaded);
    const std::vector<config::problem>& wrong = loaded.error().all;
    std::string text = wrong.front().text();
    if (wrong.size() > 1)
        text += " (and " + std::to_string(wrong.size() - 1) + " more: tributaryd --check-config lists them)";
    return failure(cli_errc::failed, std::move(text));
}

std::string base_url(const config::configuration& settings) {
    if (!settings.server.public_url.empty())
        return settings.server.public_url;
    config::listen_address reached = settings.server.listen;
    if (reached.host == "0.0.0.0")
        reached.host = "127.0.0.1";
    else if (reached.host == "::")
        reached.host = "::1";
    return (settings.server.tls_certificate.empty() ? "http://" : "https://") + reached.text();
}

std::string webhook_url(const config::configuration& settings, std::string_view connection_id) {
    return base_url(settings) + "/webhooks/" + std::string(connection_id);
}

} // namespace tributary::app::cli
