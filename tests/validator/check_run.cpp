#include "validator/check_run.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sys/wait.h>

namespace tributary::test {
namespace {

std::string quoted(const std::string& text) {
    std::string made = "'";
    for (const char each : text)
        made += each == '\'' ? std::string("'\\''") : std::string(1, each);
    return made + "'";
}

} // namespace

std::string check_result::failed_ids() const {
    std::string all;
    for (const auto& [id, why] : failures)
        all += (all.empty() ? "" : " ") + id;
    return all;
}

check_result check_plugin(const std::string& plugin, std::vector<std::string> arguments,
                          const std::filesystem::path& in) {
    std::string command = "cd " + quoted(in.string()) +
                          " && " TRIBUTARY_BINARY_DIR "/bin/tributary plugin check " +
                          quoted(TRIBUTARY_BINARY_DIR "/" + plugin) + " --json";
    for (const std::string& each : arguments)
        command += " " + quoted(each);
    command += " 2>/dev/null";
    std::FILE* pipe = ::popen(command.c_str(), "r");
    BOOST_REQUIRE(pipe != nullptr);
    std::string out;
    std::array<char, 4096> buffer;
    for (std::size_t got; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
        out.append(buffer.data(), got);
    check_result made;
    const int ended = ::pclose(pipe);
    made.status = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
    boost::json::error_code malformed;
    made.document = boost::json::parse(out, malformed);
    if (malformed || !made.document.is_object() || !made.document.get_object().contains("tests"))
        return made;
    for (const auto& each : made.document.at("tests").as_array()) {
        if (!each.as_object().contains("status"))
            continue; // --list
        const std::string status(each.at("status").as_string());
        if (status == "failed" || status == "crashed" || status == "hung")
            made.failures[std::string(each.at("test").as_string())] =
                status + ": " + std::string(each.at("message").as_string());
    }
    return made;
}

scratch_folder::scratch_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "tributary-check-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
}

scratch_folder::~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

void scratch_folder::write(const std::string& name, std::string_view text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
}

std::string scratch_folder::read(const std::string& name) const {
    std::ifstream in(path_ / name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

} // namespace tributary::test
