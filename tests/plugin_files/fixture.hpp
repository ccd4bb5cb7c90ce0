#pragma once

#include <tributary/base/clock.hpp>
#include <tributary/base/crypto.hpp>
#include <tributary/base/entropy.hpp>
#include <tributary/base/log.hpp>
#include <tributary/base/metrics.hpp>
#include <tributary/plugins/plugin_set.hpp>

#include <fstream>
#include <iterator>
#include <string>

#include "support/temporary_directory.hpp"

namespace tributary::test {

namespace fs = std::filesystem;

inline std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}
inline void write_file(const fs::path& path, std::string_view text) {
    std::ofstream(path, std::ios::binary) << text;
}
inline std::string digest_of(const fs::path& path) {
    return hex_encode(as_bytes(sha256(read_file(path))));
}
inline void replace(std::string& in, std::string_view what, std::string_view by) {
    const std::size_t at = in.find(what);
    if (at != std::string::npos)
        in.replace(at, what.size(), by);
}

/// A folder with copies of the toys, and a set to load them into.
struct plugin_folder {
    temporary_directory directory;
    std::unique_ptr<logger> log = make_null_logger();
    system_clock time;
    system_entropy random;
    null_metrics counters;
    plugins::plugin_set set{*log, time, random, counters};

    fs::path path(const std::string& name) const { return directory.path() / name; }

    /// Module and manifest of a toy.
    plugins::found_plugin copy(const std::string& name, const std::string& from = TRIBUTARY_TOYS) {
        for (const std::string& suffix : {std::string(".so"), std::string(plugins::manifest_suffix)}) {
            const fs::path to = path(name + suffix);
            fs::remove(to); // The old one may be mapped.
            fs::copy_file(from + "/" + name + suffix, to);
        }
        return {plugins::read_manifest(path(name + std::string(plugins::manifest_suffix))).value(),
                path(name + ".so")};
    }

    /// One of the odd ones, with the manifest that its descriptor should have.
    plugins::found_plugin odd(const std::string& fault) {
        const std::string name = "odd_" + fault;
        fs::copy_file(std::string(TRIBUTARY_ODD) + "/" + name + ".so", path(name + ".so"));
        write_file(path(name + ".trbplugin.json"),
                   R"({"manifest":1,"id":"org.tributary.odd","short_name":"oddity","version":"1.0.0",)"
                   R"("vendor":"tests","abi":")" +
                       std::to_string(TRB_ABI_MAJOR) + "." + std::to_string(TRB_ABI_MINOR) +
                       R"(","extensions":["tributary.simulator/1"],"requires":[],"file":")" + name +
                       R"(.so","sha256":")" + digest_of(path(name + ".so")) + R"("})");
        return {plugins::read_manifest(path(name + ".trbplugin.json")).value(), path(name + ".so")};
    }

    static plugins::load_request request(plugins::found_plugin plugin, std::string name = {}) {
        plugins::load_request made;
        made.name = name.empty() ? plugin.says.short_name : std::move(name);
        made.plugin = std::move(plugin);
        return made;
    }
};

/// The failure of a result that must have one.
template <class T> failure failure_of(const result<T>& of) {
    BOOST_REQUIRE(of.has_error());
    return of.error();
}

/// Does the text hold all of these?
inline bool has_all(const std::string& text, std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts)
        if (text.find(part) == std::string::npos) {
            BOOST_TEST_MESSAGE("'" << text << "' does not have '" << part << "'");
            return false;
        }
    return true;
}

} // namespace tributary::test
