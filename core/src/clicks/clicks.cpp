#include <tributary/base/crypto.hpp>
#include <tributary/clicks/clicks.hpp>
#include <tributary/facts/fact.hpp>
#include <tributary/storage/storage.hpp>

#include <array>
#include <chrono>
#include <memory_resource>
#include <vector>

namespace tributary::clicks {
namespace {

using storage::row;
using storage::statement;
using storage::value;

constexpr statement months{"clicks.months", "SELECT month FROM click_month ORDER BY month DESC"};
constexpr statement add_month{"clicks.add_month",
                              "INSERT INTO click_month (month) VALUES ($1) ON CONFLICT (month) DO NOTHING"};
constexpr statement find_copy{"clicks.find_copy", R"(
SELECT at, body FROM named_click WHERE workspace_id = $1 AND environment = $2 AND click_id = $3)"};
constexpr statement insert_copy{"clicks.insert_copy", R"(
INSERT INTO named_click (workspace_id, environment, click_id, at, body) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id, environment, click_id) DO NOTHING)"};

/// 202611
std::int64_t month_of(time_ms at) {
    using namespace std::chrono;
    const year_month_day date{floor<days>(sys_time<milliseconds>(milliseconds(at)))};
    return static_cast<int>(date.year()) * 100 +
           static_cast<std::int64_t>(static_cast<unsigned>(date.month()));
}

std::string table_of(std::int64_t month) {
    return "click_" + std::to_string(month);
}

result<void> create_month(storage::session& writer, std::int64_t month) {
    TRIBUTARY_TRY(writer.execute_script("CREATE TABLE IF NOT EXISTS " + table_of(month) +
                                        " (workspace_id BIGINT NOT NULL, environment BIGINT NOT NULL, "
                                        "click_id TEXT NOT NULL, at BIGINT NOT NULL, body TEXT NOT NULL, "
                                        "PRIMARY KEY (workspace_id, environment, click_id))"));
    TRIBUTARY_TRY(writer.execute(add_month, std::array{value(month)}));
    return {};
}

std::optional<click> read_click(const row& from, space in, std::string_view id) {
    return click{in, std::string(id), from.integer(0), {}, std::string(from.text(1))};
}

} // namespace

std::string make_click_id(std::string_view workspace_key, std::string_view link_id, std::string_view visitor,
                          time_ms now_ms) {
    constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    constexpr time_ms hour_ms = 3'600'000;
    std::string text(link_id);
    text += '\0';
    text += visitor;
    text += '\0';
    text += std::to_string(now_ms / hour_ms);
    const digest256 digest = hmac_sha256(workspace_key, text);
    std::string id;
    // 62 does not divide 65536: the bias is below one in a thousand, and ids are names, not secrets.
    for (std::size_t index = 0; index < 16; ++index)
        id += alphabet[(static_cast<unsigned>(digest[2 * index]) << 8 | digest[2 * index + 1]) %
                       alphabet.size()];
    return id;
}

result<std::string> click_body(const trb_click& body) {
    trb_fact fact{};
    fact.struct_size = sizeof fact;
    fact.kind = TRB_KIND_CLICK;
    fact.document_id = {"-", 1};
    fact.body = &body;
    TRIBUTARY_TRY(facts::encode_fact(fact, "-"));
    return facts::body_json(TRB_KIND_CLICK, &body);
}

result<bool> append(storage::session& writer, const click& what) {
    const std::int64_t month = month_of(what.at);
    const std::string sql = "INSERT INTO " + table_of(month) +
                            " (workspace_id, environment, click_id, at, body) VALUES ($1, $2, $3, $4, $5) "
                            "ON CONFLICT (workspace_id, environment, click_id) DO NOTHING";
    const statement insert{"clicks.append", sql};
    const std::array parameters{value(what.in.workspace), value(what.in.environment),
                                value(std::string_view(what.id)), value(what.at),
                                value(std::string_view(what.body))};
    auto added = writer.execute(insert, parameters);
    if (!added && added.error().code == storage::storage_errc::invalid) {
        // The first click of a month.
        TRIBUTARY_TRY(create_month(writer, month));
        added = writer.execute(insert, parameters);
    }
    if (!added)
        return added.error();
    return *added > 0;
}

namespace {

result<std::optional<click>> find_copied(storage::session& reader, space in, std::string_view id) {
    std::optional<click> found;
    TRIBUTARY_TRY(reader.query(find_copy, std::array{value(in.workspace), value(in.environment), value(id)},
                               [&](const row& from) { found = read_click(from, in, id); }));
    return found;
}

result<std::optional<click>> find_original(storage::session& reader, space in, std::string_view id) {
    std::vector<std::int64_t> kept;
    TRIBUTARY_TRY(reader.query(months, {}, [&](const row& from) { kept.push_back(from.integer(0)); }));
    std::optional<click> found;
    for (const std::int64_t month : kept) {
        const std::string sql = "SELECT at, body FROM " + table_of(month) +
                                " WHERE workspace_id = $1 AND environment = $2 AND click_id = $3";
        TRIBUTARY_TRY(reader.query({"clicks.find", sql},
                                   std::array{value(in.workspace), value(in.environment), value(id)},
                                   [&](const row& from) { found = read_click(from, in, id); }));
        if (found)
            break;
    }
    return found;
}

} // namespace

result<std::optional<click>> find(storage::session& reader, space in, std::string_view id) {
    TRIBUTARY_TRY_ASSIGN(original, find_original(reader, in, id));
    if (original)
        return original;
    return find_copied(reader, in, id); // Its month may be gone.
}

result<std::optional<click>> find_named(storage::session& writer, space in, std::string_view id) {
    TRIBUTARY_TRY_ASSIGN(copy, find_copied(writer, in, id));
    if (copy)
        return copy;
    TRIBUTARY_TRY_ASSIGN(original, find_original(writer, in, id));
    if (original)
        TRIBUTARY_TRY(writer.execute(insert_copy, std::array{value(in.workspace), value(in.environment),
                                                             value(id), value(original->at),
                                                             value(std::string_view(original->body))}));
    return original;
}

result<void> with_click(const click& what, const std::function<void(const trb_click&)>& use) {
    std::pmr::monotonic_buffer_resource arena;
    facts::decoded_fact decoded;
    TRIBUTARY_TRY(facts::decode_content(TRB_KIND_CLICK,
                                        R"({"ids":["-"],"parents":[],"claims":[],"body":)" + what.body + "}",
                                        arena, decoded));
    use(*static_cast<const trb_click*>(decoded.body));
    return {};
}

} // namespace tributary::clicks
