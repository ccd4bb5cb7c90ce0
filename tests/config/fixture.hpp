#pragma once

#include <tributary/config/load.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>
#include <string_view>

namespace tributary::config {

/// Found by Boost.Test.
inline std::ostream& boost_test_print_type(std::ostream& out, config_errc code) {
    return out << make_error_code(code);
}

} // namespace tributary::config

namespace tributary::config::test {

using outcome = boost::system::result<configuration, problems>;

/// A directory of its own, gone at the end.
class directory {
  public:
    directory() {
        std::string name = (std::filesystem::temp_directory_path() / "tributary-config-XXXXXX").string();
        BOOST_REQUIRE(mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~directory() { std::filesystem::remove_all(path_); }
    directory(const directory&) = delete;
    directory& operator=(const directory&) = delete;

    std::filesystem::path path(std::string_view name) const { return path_ / name; }

    std::filesystem::path write(std::string_view name, std::string_view bytes) const {
        std::ofstream stream(path(name), std::ios::binary);
        stream << bytes;
        stream.close();
        BOOST_REQUIRE(stream.good());
        return path(name);
    }

  private:
    std::filesystem::path path_;
};

/// Loads a file of this text. Problems and origins name it "tributary.toml", wherever it lies.
inline outcome load(std::string_view toml, const environment_map& environment = {}) {
    const directory at;
    const std::string file = at.write("tributary.toml", toml).string();
    const std::string before = at.path("").string();
    const auto shorten = [&](std::string& text) {
        for (std::size_t found; (found = text.find(before)) != std::string::npos;)
            text.erase(found, before.size());
    };
    outcome out = load_configuration(file, environment);
    if (!out) {
        problems found = out.error();
        for (problem& each : found.all)
            shorten(each.where);
        return found;
    }
    for (auto& [key, origin] : out->origins)
        shorten(origin);
    for (std::string& warning : out->warnings)
        shorten(warning);
    for (auto& [name, table] : out->plugin)
        for (plugin_setting& setting : table.settings)
            shorten(setting.from);
    return out;
}

/// The value, or a failed test that shows what was wrong.
inline configuration loaded(std::string_view toml, const environment_map& environment = {}) {
    outcome out = load(toml, environment);
    BOOST_REQUIRE_MESSAGE(out.has_value(), out.error().text());
    return std::move(*out);
}

/// The problems, one a line; a failed test when there are none.
inline std::string refused(std::string_view toml, const environment_map& environment = {}) {
    const outcome out = load(toml, environment);
    BOOST_REQUIRE_MESSAGE(!out.has_value(), "accepted: " << toml);
    BOOST_TEST(!out.error().all.empty());
    return out.error().text();
}

/// The code of the only problem.
inline error_code code_of(std::string_view toml, const environment_map& environment = {}) {
    const outcome out = load(toml, environment);
    BOOST_REQUIRE_MESSAGE(!out.has_value(), "accepted: " << toml);
    BOOST_TEST_REQUIRE(out.error().all.size() == 1u);
    return out.error().all.front().code;
}

} // namespace tributary::config::test
