#include "app/cli/shop.hpp"

#include <tributary/app/assembly.hpp>
#include <tributary/config/load.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <arpa/inet.h>
#include <cstdlib>
#include <fstream>
#include <netinet/in.h>
#include <sstream>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <variant>

#include "plugins/toy/toy_message.hpp"

namespace tributary::test {
namespace {

std::string shell_quoted(std::string_view text) {
    std::string out = "'";
    for (const char each : text)
        out += each == '\'' ? std::string("'\\''") : std::string(1, each);
    return out + "'";
}

std::string contents(const std::filesystem::path& file) {
    std::ifstream from(file, std::ios::binary);
    std::ostringstream text;
    text << from.rdbuf();
    return text.str();
}

} // namespace

boost::json::value run_result::json() const {
    boost::json::error_code wrong;
    auto parsed = boost::json::parse(out, wrong);
    BOOST_REQUIRE_MESSAGE(!wrong, "not one JSON document: " << out << err);
    return parsed;
}

shop::shop(bool initialised) {
    std::string name = (std::filesystem::temp_directory_path() / "tributary-cli-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    directory_ = name;
    environment["TRIBUTARY_PLUGINS_DIRECTORIES"] = TRIBUTARY_BINARY_DIR "/test-plugins";
    // Nothing answers there: the machine's own daemon must not be found.
    environment["TRIBUTARY_ADMIN_LISTEN"] = "127.0.0.1:" + std::to_string(free_port());
    if (initialised) {
        const run_result made = run({"init"});
        BOOST_REQUIRE_MESSAGE(made.status == 0, made.err);
    }
}

shop::~shop() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

run_result shop::run(const std::vector<std::string>& arguments, std::string_view input) const {
    write(".in", input);
    std::string line = "cd " + shell_quoted(directory_.string()) + " && env -i";
    for (const auto& [name, value] : environment)
        line += " " + shell_quoted(name + "=" + value);
    line += " " + shell_quoted(TRIBUTARY_BINARY_DIR "/bin/tributary");
    for (const std::string& each : arguments)
        line += " " + shell_quoted(each);
    line += " < .in > .out 2> .err";
    const int status = std::system(line.c_str());
    BOOST_REQUIRE_MESSAGE(WIFEXITED(status), "the tool did not exit: " << line);
    return {WEXITSTATUS(status), read(".out"), read(".err")};
}

boost::json::value shop::ask(std::vector<std::string> arguments, std::string_view input) const {
    arguments.emplace_back("--json");
    const run_result done = run(arguments, input);
    BOOST_REQUIRE_MESSAGE(done.status == 0, arguments.front()
                                                << " ended with " << done.status << ": " << done.err);
    return done.json();
}

std::string shop::connect(std::string_view realm) const {
    const auto made = ask({"connection", "create", "--provider", "toy", "--realm", std::string(realm),
                           "--sandbox", "--notify-from", "2020-01-01", "--secret", "signing=-"},
                          toy::test_secret);
    return std::string(made.at("connection_id").as_string());
}

int shop::deliver(const std::string& connection_id, const std::string& body, bool signed_well) const {
    config::environment_map variables(environment.begin(), environment.end());
    auto settings = config::load_configuration(directory_ / "tributary.toml", variables);
    BOOST_REQUIRE_MESSAGE(settings, "configuration");
    auto parts = app::assembly::open(std::move(*settings), {.quiet = true});
    BOOST_REQUIRE_MESSAGE(parts, parts.error().text());
    auto driven = (*parts)->make_engine();
    BOOST_REQUIRE_MESSAGE(driven, driven.error().text());
    delivery raw;
    raw.connection_id = connection_id;
    raw.received_at = (*parts)->time().now_ms();
    raw.method = "POST";
    raw.headers = {{"Toy-Signature", toy::sign(body, signed_well ? toy::test_secret : "another secret")},
                   {"Content-Type", "text/plain"}};
    raw.body = body;
    auto verdict =
        verify_delivery((*driven)->session(), (*parts)->where(), (*parts)->plugins(), std::move(raw));
    int status = 0;
    if (const auto* refused = std::get_if<delivery_refusal>(&verdict))
        status = refused->status;
    std::vector<job> batch(1);
    std::visit([&](auto& what) { batch[0].what = std::move(what); }, verdict);
    batch[0].done = [&](result<http::response> answer) {
        if (answer && status == 0)
            status = answer->status;
    };
    BOOST_REQUIRE((*driven)->run(std::move(batch)));
    BOOST_REQUIRE((*driven)->settle());
    return status;
}

void shop::write(const std::string& name, std::string_view text) const {
    std::ofstream(directory_ / name, std::ios::binary) << text;
}

std::string shop::read(const std::string& name) const {
    return contents(directory_ / name);
}

int free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    BOOST_REQUIRE(::bind(socket, reinterpret_cast<const sockaddr*>(&address), size) == 0);
    BOOST_REQUIRE(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    ::close(socket);
    return ntohs(address.sin_port);
}

} // namespace tributary::test
