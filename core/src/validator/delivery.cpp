#include "validator/delivery.hpp"

#include <tributary/validator/validator.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace tributary::validator {
namespace {

namespace json = boost::json;

result<std::string> read_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(in)), {});
    if (!in)
        return failure(validator_errc::bad_testdata, file.filename().string() + " cannot be read");
    return text;
}

/// The next line without its end; moves on. False when there is no line end any more.
bool take_line(std::string_view& text, std::string_view& line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos)
        return false;
    line = text.substr(0, end);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    text.remove_prefix(end + 1);
    return true;
}

struct account {
    connection_sample connection;
    time_ms received_at = sample_time;
};

/// Members that are absent stay as they are.
result<void> apply(const std::filesystem::path& file, account& to) {
    TRIBUTARY_TRY_ASSIGN(text, read_file(file));
    const auto wrong = [&](const std::string& why) {
        return failure(validator_errc::bad_testdata, file.filename().string() + ": " + why);
    };
    boost::json::error_code malformed;
    const json::value parsed = json::parse(text, malformed);
    if (malformed || !parsed.is_object())
        return wrong("it is no JSON object");
    try {
        for (const auto& [name, value] : parsed.get_object()) {
            if (name == "environment")
                to.connection.environment = value.as_string() == "live" ? TRB_LIVE : TRB_SANDBOX;
            else if (name == "realm")
                to.connection.realm = value.as_string();
            else if (name == "id")
                to.connection.id = value.as_string();
            else if (name == "settings")
                to.connection.settings = json::serialize(value.as_object());
            else if (name == "unsigned_body")
                to.connection.unsigned_body = value.as_bool();
            else if (name == "received_at_ms")
                to.received_at = value.to_number<std::int64_t>();
            else if (name == "secrets") {
                to.connection.secrets.clear();
                for (const json::value& each : value.as_array())
                    to.connection.secrets.emplace_back(each.at("name").as_string(),
                                                       each.at("value").as_string());
            } else
                return wrong("unknown member " + std::string(name));
        }
    } catch (const std::exception&) {
        return wrong("a member has the wrong type, see docs/reference/plugin-check.md");
    }
    return {};
}

void take_delivery(void* ctx, const trb_told_delivery* told) noexcept {
    auto& into = *static_cast<told_story*>(ctx);
    if (told->struct_size < sizeof(trb_told_delivery)) {
        into.fault = "a trb_told_delivery has a struct_size of " + std::to_string(told->struct_size);
        return;
    }
    delivery_sample made;
    made.name = view(told->name);
    made.received_at = told->at_ms;
    for (std::uint32_t index = 0; index < told->header_count; ++index)
        made.headers.emplace_back(view(told->headers[index].name), view(told->headers[index].value));
    made.body = view(told->body);
    into.deliveries.push_back(std::move(made));
}

void take_expectation(void* ctx, trb_str name, std::int64_t value) noexcept {
    static_cast<told_story*>(ctx)->expectations.emplace_back(std::string(view(name)), value);
}

} // namespace

std::string_view sample_secret() noexcept {
    return "whsec_dHJpYnV0YXJ5IHBsdWdpbiBjaGVjaywgbm8gc2VjcmV0";
}

std::string sample_realm(std::string_view short_name) {
    return std::string(short_name) + ":acct_check";
}

result<delivery_sample> parse_request(const std::string& raw) {
    const auto wrong = [](const char* why) { return failure(validator_errc::bad_testdata, why); };
    delivery_sample made;
    std::string_view rest = raw;
    std::string_view line;
    if (!take_line(rest, line))
        return wrong("it has no request line");
    const std::size_t first = line.find(' ');
    const std::size_t second = line.find(' ', first + 1);
    if (first == std::string_view::npos || first == 0)
        return wrong("its first line is no request line (POST /path HTTP/1.1)");
    made.method = line.substr(0, first);
    std::string_view target =
        line.substr(first + 1, second == std::string_view::npos ? second : second - first - 1);
    const std::size_t mark = target.find('?');
    if (mark != std::string_view::npos) {
        made.query = target.substr(mark + 1);
        target = target.substr(0, mark);
    }
    made.path = target == "/" ? std::string_view() : target;
    while (take_line(rest, line)) {
        if (line.empty()) {
            made.body = rest;
            return made;
        }
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || colon == 0)
            return wrong("a line of its head is no header");
        std::string_view value = line.substr(colon + 1);
        while (value.starts_with(' ') || value.starts_with('\t'))
            value.remove_prefix(1);
        made.headers.emplace_back(line.substr(0, colon), value);
    }
    return wrong("no empty line ends its headers");
}

result<std::vector<delivery_sample>> read_fixtures(const std::filesystem::path& folder,
                                                   const std::string& short_name) {
    std::vector<std::filesystem::path> files;
    std::error_code absent;
    for (const auto& entry : std::filesystem::directory_iterator(folder, absent))
        if (entry.path().extension() == ".http")
            files.push_back(entry.path());
    std::ranges::sort(files);
    account common;
    common.connection.realm = sample_realm(short_name);
    if (std::filesystem::exists(folder / "connection.json"))
        TRIBUTARY_TRY(apply(folder / "connection.json", common));
    std::vector<delivery_sample> made;
    for (const auto& file : files) {
        TRIBUTARY_TRY_ASSIGN(raw, read_file(file));
        auto parsed = parse_request(raw);
        if (!parsed)
            return failure(validator_errc::bad_testdata,
                           file.filename().string() + ": " + parsed.error().detail);
        account own = common;
        const auto beside = std::filesystem::path(file).replace_extension(".connection.json");
        if (std::filesystem::exists(beside))
            TRIBUTARY_TRY(apply(beside, own));
        parsed->name = file.filename().string();
        parsed->connection = own.connection;
        parsed->received_at = own.received_at;
        parsed->expected = std::filesystem::path(file).replace_extension(".expected.json");
        made.push_back(std::move(*parsed));
    }
    return made;
}

std::vector<std::string> stories_of(const trb_simulator_v1& simulator) {
    std::vector<std::string> all;
    for (const trb_story& each :
         plugins::elements<trb_story>(simulator.stories, simulator.story_count, simulator.story_stride))
        all.emplace_back(view(each.name));
    return all;
}

told_story tell(const instance& of, const trb_simulator_v1& simulator, const story_wish& wish) {
    told_story told;
    vault lent(of.at(), "tell", of.future());
    error_collector error(lent);
    trb_story_request request{};
    request.environment = TRB_SANDBOX;
    request.story = lent.text(wish.story, "trb_story_request.story");
    request.signing_secret = lent.text(sample_secret(), "trb_story_request.signing_secret");
    request.api_version = lent.text("", "trb_story_request.api_version");
    request.seed = wish.seed;
    request.at_ms = sample_time;
    request.parameters = lent.pairs(wish.parameters, "trb_story_request.parameters");
    request.parameter_count = wish.parameters.size();
    request.definition = lent.text(wish.definition, "trb_story_request.definition");
    const trb_story_sink sink{sizeof(trb_story_sink), 0, &told, &take_delivery, &take_expectation};
    const watching_host::watch watch(phase::pure);
    told.status = cross(simulator.tell, of.self(), lent.put(request, "the trb_story_request"),
                        lent.put(sink, "the trb_story_sink"), error.sink());
    if (told.status != TRB_OK)
        told.error = error.text(told.status);
    if (told.fault.empty() && !watch.breach().empty())
        told.fault =
            "tell used " + watch.breach() + " of the host: the same parameters must give the same bytes";
    for (delivery_sample& each : told.deliveries) {
        each.name = wish.story + "/" + each.name;
        each.connection.realm = sample_realm(view(of.descriptor().short_name));
        each.connection.secrets = {{"signing", std::string(sample_secret())}};
    }
    return told;
}

std::string told_story::text() const {
    std::string all = std::to_string(status) + "\n";
    for (const delivery_sample& each : deliveries) {
        all += each.name + " " + std::to_string(each.received_at) + "\n";
        for (const auto& [name, value] : each.headers)
            all.append(name).append(": ").append(value).append("\n");
        all += each.body + "\n";
    }
    for (const auto& [name, value] : expectations)
        all += name + "=" + std::to_string(value) + "\n";
    return all;
}

} // namespace tributary::validator
