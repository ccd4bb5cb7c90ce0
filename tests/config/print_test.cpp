#include <tributary/config/load.hpp>
#include <tributary/config/options.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "config/fixture.hpp"

using namespace tributary::config;
using namespace tributary::config::test;

namespace {

std::string all_of(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream out;
    out << stream.rdbuf();
    return out.str();
}

} // namespace

BOOST_AUTO_TEST_SUITE(printed_configuration)

BOOST_AUTO_TEST_CASE(each_value_is_shown_with_its_origin) {
    const std::string text =
        print_configuration(loaded("[server]\nlisten = \"0.0.0.0:80\"", {{"TRIBUTARY_LOG_LEVEL", "debug"}}));
    BOOST_TEST(text.find("listen = \"0.0.0.0:80\"") != std::string::npos);
    BOOST_TEST(text.find("# tributary.toml:2\n") != std::string::npos);
    BOOST_TEST(text.find("level = \"debug\"  # TRIBUTARY_LOG_LEVEL\n") != std::string::npos);
    BOOST_TEST(text.find("threads = 1 ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_option_is_shown_once) {
    const std::string text = print_configuration(configuration{});
    for (const option_info& option : options())
        BOOST_TEST(text.find("\n" + std::string(option.secret() ? "# " : "") + std::string(option.name()) +
                             " ") != std::string::npos,
                   option.key);
}

BOOST_AUTO_TEST_CASE(what_is_printed_can_be_loaded_and_prints_the_same_values) {
    const configuration first = loaded(R"(
[server]
body_bytes_max = 1234567
idle_timeout = "1500ms"
trusted_proxies = ["::1", "10.0.0.0/8"]
tls_certificate = "a \"quoted\" path"
tls_key = "tab\tand \\"
[engine]
batch_wait = "7us"
[plugin.acme]
number = 1
"odd name" = { a = [1, 2], b = 2024-02-29 }
)");
    const configuration second = loaded(print_configuration(first));
    for (const option_info& option : options())
        BOOST_TEST((option.load(first) == option.load(second)), option.key);
    BOOST_TEST(first.plugin_json("acme") == second.plugin_json("acme"));
}

BOOST_AUTO_TEST_CASE(secrets_are_named_and_not_shown) {
    const std::string text = print_configuration(
        loaded("[plugin.acme]\napi_key = \"hidden\"\nnested = [{ password = \"hidden\" }]\nplain = \"shown\"",
               {{"TRIBUTARY_SECRETS_KEY", "hidden"}, {"TRIBUTARY_PLUGIN_ACME_WEBHOOK_SECRET", "hidden"}}));
    BOOST_TEST(text.find("hidden") == std::string::npos);
    BOOST_TEST(text.find("# key is set and not shown  # TRIBUTARY_SECRETS_KEY\n") != std::string::npos);
    BOOST_TEST(text.find("# api_key is set and not shown") != std::string::npos);
    BOOST_TEST(text.find("# webhook_secret is set and not shown") != std::string::npos);
    BOOST_TEST(text.find("# nested is set and not shown") != std::string::npos);
    BOOST_TEST(text.find("plain = \"shown\"") != std::string::npos);
    BOOST_TEST(print_configuration(configuration{}).find("# key is not set") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_origin_cannot_break_out_of_its_comment) {
    configuration made;
    made.origins["log.level"] = "a\nlevel = \"error\"";
    BOOST_TEST(loaded(print_configuration(made)).origins.size() == options().size() - 1);
}

BOOST_AUTO_TEST_CASE(the_reference_page_is_the_generated_one) {
    // To bring the page up to date: TRIBUTARY_WRITE_REFERENCE=1 ctest -R unit.config
    const std::filesystem::path page =
        std::filesystem::path(TRIBUTARY_SOURCE_DIR) / "docs/reference/configuration.md";
    const std::string generated = configuration_reference_markdown();
    if (std::getenv("TRIBUTARY_WRITE_REFERENCE") != nullptr)
        std::ofstream(page, std::ios::binary) << generated;
    BOOST_TEST((all_of(page) == generated),
               "docs/reference/configuration.md is not what the table of options says");
}

BOOST_AUTO_TEST_CASE(the_reference_names_every_option_its_variable_and_its_default) {
    const std::string page = configuration_reference_markdown();
    for (const option_info& option : options()) {
        BOOST_TEST(page.find("### `" + std::string(option.key) + "`\n") != std::string::npos);
        BOOST_TEST(page.find("- Environment: `" + environment_name(option.key) + "`\n") != std::string::npos);
    }
    BOOST_TEST(page.find("- Default: `\"127.0.0.1:8080\"`\n") != std::string::npos);
    BOOST_TEST(page.find("- Value: 1KiB to 1GiB\n") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
