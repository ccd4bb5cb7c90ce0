#include <tributary/abi/plugin.h>
#include <tributary/plugins/error_report.hpp>
#include <tributary/plugins/manifest.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <set>

namespace tributary::plugins {
namespace {

namespace json = boost::json;

/// Members are few and the file is small: anything larger is something else.
constexpr std::size_t bytes_max = 1024 * 1024;

/// Reads members one by one; the first that is wrong is remembered.
class reader {
  public:
    explicit reader(const json::object& from) : from_(from) {}

    std::string text(std::string_view name, bool required = true) {
        const json::value* found = from_.if_contains(name);
        if (found == nullptr) {
            if (required)
                complain(name, "is missing");
            return {};
        }
        if (!found->is_string() || (required && found->get_string().empty())) {
            complain(name, "must be a text that is not empty");
            return {};
        }
        return std::string(found->get_string());
    }

    std::vector<std::string> texts(std::string_view name) {
        std::vector<std::string> list;
        const json::value* found = from_.if_contains(name);
        if (found == nullptr || !found->is_array()) {
            complain(name, "must be a list of texts");
            return list;
        }
        for (const json::value& one : found->get_array()) {
            if (!one.is_string()) {
                complain(name, "must be a list of texts");
                return list;
            }
            list.emplace_back(one.get_string());
        }
        return list;
    }

    void complain(std::string_view name, std::string_view what) {
        if (why_.empty())
            why_ = "'" + std::string(name) + "' " + std::string(what);
    }
    const std::string& why() const noexcept { return why_; }

  private:
    const json::object& from_;
    std::string why_;
};

bool read_number(std::string_view text, std::uint32_t& into) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    return error == std::errc() && end == text.data() + text.size();
}

void read_abi(reader& from, manifest& into) {
    const std::string text = from.text("abi");
    const std::size_t dot = text.find('.');
    if (dot == std::string::npos || !read_number(std::string_view(text).substr(0, dot), into.abi_major) ||
        !read_number(std::string_view(text).substr(dot + 1), into.abi_minor))
        from.complain("abi", "must be two numbers, such as \"0.2\"");
}

bool is_digest(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

result<void> differs(std::string_view member, std::string_view said, std::string_view found) {
    return failure(plugin_errc::manifest_differs, std::string(member) + ": the manifest says '" +
                                                      std::string(said) + "', the module says '" +
                                                      std::string(found) + "'");
}

std::string joined(const std::set<std::string_view>& names) {
    std::string text;
    for (const std::string_view name : names)
        text.append(text.empty() ? "" : ", ").append(name);
    return text;
}

std::set<std::string_view> names(const trb_str* first, std::uint64_t count) {
    std::set<std::string_view> found;
    for (std::uint64_t index = 0; index < count; ++index)
        found.insert(view(first[index]));
    return found;
}

} // namespace

bool manifest::has(std::string_view extension) const noexcept {
    return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

std::filesystem::path manifest_path(const std::filesystem::path& module) {
    std::filesystem::path beside = module;
    beside.replace_extension();
    beside += manifest_suffix;
    return beside;
}

result<manifest> parse_manifest(std::string_view text) {
    boost::system::error_code wrong;
    const json::value parsed = json::parse(json::string_view(text.data(), text.size()), wrong);
    if (wrong || !parsed.is_object())
        return failure(plugin_errc::bad_manifest, "not a JSON object");
    const json::object& object = parsed.get_object();
    const json::value* format = object.if_contains("manifest");
    if (format == nullptr || !format->is_int64() || format->get_int64() != 1)
        return failure(plugin_errc::bad_manifest,
                       "'manifest' must be 1: " +
                           (format == nullptr ? "it is missing" : json::serialize(*format)));
    reader from(object);
    manifest made;
    made.id = from.text("id");
    made.short_name = from.text("short_name");
    made.version = from.text("version");
    made.vendor = from.text("vendor", false);
    read_abi(from, made);
    made.extensions = from.texts("extensions");
    made.requirements = from.texts("requires");
    made.file = from.text("file");
    if (made.file.find('/') != std::string::npos)
        from.complain("file", "must be the name of a file in the same folder");
    made.sha256 = from.text("sha256");
    if (!is_digest(made.sha256))
        from.complain("sha256", "must be 64 lower-case hexadecimal digits");
    if (const json::value* schema = object.if_contains("config_schema")) {
        if (!schema->is_object())
            from.complain("config_schema", "must be an object");
        made.config_schema = json::serialize(*schema);
    }
    if (!from.why().empty())
        return failure(plugin_errc::bad_manifest, from.why());
    return made;
}

result<manifest> read_manifest(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return failure(plugin_errc::no_manifest, path.string());
    std::string text;
    text.resize(bytes_max + 1);
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > bytes_max)
        return failure(plugin_errc::bad_manifest, path.string() + ": larger than 1 MiB");
    auto made = parse_manifest(text);
    if (!made)
        return failure(made.error().code, path.string() + ": " + made.error().detail);
    return made;
}

result<void> compare(const manifest& said, const trb_plugin& found) {
    const std::pair<std::string_view, std::pair<std::string_view, std::string_view>> texts[] = {
        {"id", {said.id, view(found.id)}},
        {"short_name", {said.short_name, view(found.short_name)}},
        {"version", {said.version, view(found.version)}},
        {"vendor", {said.vendor, view(found.vendor)}},
    };
    for (const auto& [member, both] : texts)
        if (both.first != both.second)
            return differs(member, both.first, both.second);
    const std::set<std::string_view> extensions(said.extensions.begin(), said.extensions.end());
    if (const auto has = names(found.extensions, found.extension_count); has != extensions)
        return differs("extensions", joined(extensions), joined(has));
    const std::set<std::string_view> requirements(said.requirements.begin(), said.requirements.end());
    if (const auto has = names(found.requirements, found.requirement_count); has != requirements)
        return differs("requires", joined(requirements), joined(has));
    return {};
}

} // namespace tributary::plugins
