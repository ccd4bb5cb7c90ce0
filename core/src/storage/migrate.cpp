#include <tributary/base/crypto.hpp>
#include <tributary/storage/storage.hpp>

#include <string>
#include <vector>

namespace tributary::storage {
namespace {

constexpr std::string_view core_component = "core";

constexpr statement create_records{"migration.create_records", "CREATE TABLE IF NOT EXISTS schema_migration ("
                                                               " component TEXT NOT NULL,"
                                                               " number BIGINT NOT NULL,"
                                                               " digest TEXT NOT NULL,"
                                                               " applied_at BIGINT NOT NULL,"
                                                               " PRIMARY KEY (component, number))"};
constexpr statement read_records{
    "migration.read_records",
    "SELECT number, digest FROM schema_migration WHERE component = $1 ORDER BY number"};
constexpr statement insert_record{
    "migration.insert_record",
    "INSERT INTO schema_migration (component, number, digest, applied_at) VALUES ($1, $2, $3, $4)"};

/// The digest is of the portable text: the same on every backend.
std::string digest_of(const migration& step) {
    return hex_encode(as_bytes(sha256(step.sql)));
}

failure refusal(storage_errc code, std::string_view component, std::uint32_t number, std::string_view why) {
    std::string text = "migration ";
    text.append(component).append("/").append(std::to_string(number)).append(": ").append(why);
    return {code, std::move(text)};
}

/// A component's name becomes a table prefix, so it must be one, and not one that names what is not its own.
bool is_component_name(std::string_view name) {
    if (name.empty() || name.front() < 'a' || name.front() > 'z')
        return false;
    if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string_view::npos)
        return false;
    for (const std::string_view reserved : {"schema", "published", "sqlite", "pg"}) {
        if (name == reserved || (name.starts_with(reserved) && name[reserved.size()] == '_'))
            return false;
    }
    return true;
}

/// Compares what was applied with what we have. @return how many of `steps` are applied.
result<std::size_t> count_applied(session& on, std::string_view component, std::span<const migration> steps) {
    struct record {
        std::int64_t number;
        std::string digest;
    };
    std::vector<record> records;
    const value parameters[] = {component};
    TRIBUTARY_TRY(on.query(read_records, parameters, [&](const row& each) {
        records.push_back({each.integer(0), std::string(each.text(1))});
    }));
    for (std::size_t i = 0; i < records.size(); ++i) {
        const auto number = static_cast<std::uint32_t>(i + 1);
        if (records[i].number != std::int64_t{number})
            return refusal(storage_errc::invalid, component, number, "its record is missing in the database");
        if (i >= steps.size())
            return refusal(storage_errc::newer_schema, component, number,
                           "the database has it, this version knows only " + std::to_string(steps.size()));
        if (records[i].digest != digest_of(steps[i]))
            return refusal(storage_errc::invalid, component, number, "it differs from what was applied");
    }
    return records.size();
}

/// Runs the step under the component's authority.
result<void> run_step(database& in, session& writer, std::string_view component, const migration& step) {
    const bool is_core = component == core_component;
    const authority_guard guard(writer, is_core ? std::string_view{} : component, !is_core);
    auto done = writer.execute_script(in.dialect(step.sql));
    if (done)
        return done;
    const auto& why = done.error();
    const auto code = why.code == storage_errc::forbidden ? storage_errc::invalid
                                                          : static_cast<storage_errc>(why.code.value());
    return refusal(code, component, step.number, why.detail);
}

/// One step and its record, in one transaction.
result<void> apply_step(database& in, session& writer, std::string_view component,
                        std::span<const migration> steps, std::size_t index, std::int64_t now_ms) {
    const auto& step = steps[index];
    TRIBUTARY_TRY(writer.begin());
    const auto work = [&]() -> result<void> {
        // Another process may have been faster between our check and our lock.
        TRIBUTARY_TRY_ASSIGN(applied, count_applied(writer, component, steps));
        if (applied != index)
            return refusal(storage_errc::busy, component, step.number, "another process is migrating");
        TRIBUTARY_TRY(run_step(in, writer, component, step));
        const auto digest = digest_of(step);
        const value record[] = {component, std::int64_t{step.number}, std::string_view(digest), now_ms};
        TRIBUTARY_TRY(writer.execute(insert_record, record));
        return {};
    };
    if (auto worked = work(); !worked) {
        writer.rollback();
        return worked;
    }
    return writer.commit();
}

} // namespace

result<std::uint32_t> migrate(database& in, session& writer, std::string_view component,
                              std::span<const migration> steps, std::int64_t now_ms) {
    if (!is_component_name(component))
        return failure{storage_errc::invalid,
                       "migration: '" + std::string(component) + "' cannot be a component"};
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (steps[i].number != i + 1)
            return refusal(storage_errc::invalid, component, steps[i].number,
                           "steps must be numbered 1, 2, 3, ...; this is at place " + std::to_string(i + 1));
    }
    TRIBUTARY_TRY(writer.execute(create_records, {}));
    TRIBUTARY_TRY_ASSIGN(applied, count_applied(writer, component, steps));
    for (auto index = applied; index < steps.size(); ++index)
        TRIBUTARY_TRY(apply_step(in, writer, component, steps, index, now_ms));
    return static_cast<std::uint32_t>(steps.size() - applied);
}

} // namespace tributary::storage
