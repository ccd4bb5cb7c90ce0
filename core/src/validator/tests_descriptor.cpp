// descriptor.*: the static data behind the entry, and the tables of the extensions.
#include <algorithm>
#include <array>
#include <set>

#include "plugins/descriptor.hpp"
#include "validator/suite.hpp"

namespace tributary::validator {
namespace {

verdict entry_is_constant(test_context& in) {
    auto library = in.library();
    if (!library)
        return skipped(library.error().detail);
    const trb_plugin* first = (*library)->entry();
    if (first == nullptr)
        return failed("the entry returned NULL");
    return (*library)->entry() == first ? passed()
                                        : failed("the entry returns another pointer at its second call: the "
                                                 "descriptor must be static, constant data");
}

/// The descriptor before anything of it is believed but that it is there.
const trb_plugin* raw_descriptor(test_context& in) {
    auto library = in.library();
    return library ? (*library)->entry() : nullptr;
}

verdict magic(test_context& in) {
    const trb_plugin* found = raw_descriptor(in);
    if (found == nullptr)
        return skipped("there is no descriptor");
    if (found->magic == TRB_ABI_MAGIC)
        return passed();
    return failed("magic is " + std::to_string(found->magic) + ", expected TRB_ABI_MAGIC, " +
                  std::to_string(TRB_ABI_MAGIC));
}

verdict version(test_context& in) {
    const trb_plugin* found = raw_descriptor(in);
    if (found == nullptr)
        return skipped("there is no descriptor");
    if (plugins::check_abi(found->abi_major, found->abi_minor))
        return passed();
    return failed("it was built against ABI " + std::to_string(found->abi_major) + "." +
                  std::to_string(found->abi_minor) + ", this host has " + std::to_string(TRB_ABI_MAJOR) +
                  "." + std::to_string(TRB_ABI_MINOR) + ": build it with the headers of this release");
}

verdict size(test_context& in) {
    const trb_plugin* found = raw_descriptor(in);
    if (found == nullptr)
        return skipped("there is no descriptor");
    return found->struct_size >= sizeof(trb_plugin)
               ? passed()
               : failed("struct_size is " + std::to_string(found->struct_size) + ", sizeof(trb_plugin) is " +
                        std::to_string(sizeof(trb_plugin)));
}

verdict functions(test_context& in) {
    const trb_plugin* found = raw_descriptor(in);
    if (found == nullptr)
        return skipped("there is no descriptor");
    std::string missing;
    const auto look = [&](bool is_there, const char* name) {
        if (!is_there)
            missing += std::string(missing.empty() ? "" : ", ") + name;
    };
    look(found->create != nullptr, "create");
    look(found->start != nullptr, "start");
    look(found->stop != nullptr, "stop");
    look(found->destroy != nullptr, "destroy");
    look(found->get_extension != nullptr, "get_extension");
    return missing.empty() ? passed() : failed("null: " + missing);
}

bool is_word(std::string_view text, std::string_view also) {
    return !text.empty() && std::ranges::all_of(text, [&](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
               also.find(letter) != std::string_view::npos;
    });
}

/// Three numbers, then anything that begins with '-' or '+'.
bool is_semantic(std::string_view text) {
    for (int part = 0; part < 3; ++part) {
        const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
        if (digits == 0)
            return false;
        text.remove_prefix(digits);
        if (part < 2) {
            if (!text.starts_with('.'))
                return false;
            text.remove_prefix(1);
        }
    }
    return text.empty() || text.front() == '-' || text.front() == '+';
}

verdict names(test_context& in) {
    auto of = in.descriptor();
    if (!of)
        return skipped(of.error().detail);
    const std::string_view id = view((*of)->id);
    const std::string_view short_name = view((*of)->short_name);
    if (!is_word(id, ".-_") || id.find('.') == std::string_view::npos)
        return failed("id '" + std::string(id) + "' is no reverse domain, such as org.example.acme");
    if (!plugins::is_short_name(short_name))
        return failed("short_name '" + std::string(short_name) +
                      "' must be 1 to 24 of a-z and 0-9 and begin with a letter");
    if (plugins::is_reserved(short_name))
        return failed("short_name '" + std::string(short_name) + "' is a word of the core's own tables");
    if (!is_semantic(view((*of)->version)))
        return failed("version '" + std::string(view((*of)->version)) + "' is not semantic, such as 1.0.0");
    return passed();
}

/// A required function of a table.
struct requirement {
    bool present;
    const char* name;
};

template <class Table, class Functions>
std::string table_fault(const trb_plugin& of, std::string_view id, Functions required) {
    const auto* table = static_cast<const Table*>(cross(of.get_extension, view(id)));
    if (table == nullptr)
        return {};
    if (table->struct_size < plugins::first_size<Table>())
        return std::string(id) + ": struct_size of its table is " + std::to_string(table->struct_size) +
               ", expected " + std::to_string(plugins::first_size<Table>());
    for (const requirement& each : required(*table))
        if (!each.present)
            return std::string(id) + ": " + each.name + " is null";
    return {};
}

/// An array in a table: a stride that is too small would lay elements over each other.
requirement array(std::uint64_t count, const void* first, std::uint64_t stride, std::size_t least,
                  const char* name) {
    return {count == 0 || (first != nullptr && stride >= least), name};
}

std::string any_table_fault(const trb_plugin& of) {
    using list = std::vector<requirement>;
    const std::array faults{
        table_fault<trb_provider_v1>(
            of, TRB_EXT_PROVIDER,
            [](const auto& t) {
                return list{{t.verify != nullptr, "verify"}, {t.normalise != nullptr, "normalise"}};
            }),
        table_fault<trb_projection_v1>(of, TRB_EXT_PROJECTION,
                                       [](const auto& t) {
                                           return list{{t.fold != nullptr, "fold"},
                                                       {t.name.size != 0, "name"},
                                                       array(t.table_count, t.tables, t.table_stride,
                                                             sizeof(trb_table), "tables"),
                                                       array(t.lookup_count, t.lookups, t.lookup_stride,
                                                             sizeof(trb_lookup_source), "lookups")};
                                       }),
        table_fault<trb_http_routes_v1>(of, TRB_EXT_HTTP_ROUTES,
                                        [](const auto& t) {
                                            return list{{t.handle != nullptr, "handle"},
                                                        array(t.route_count, t.routes, t.route_stride,
                                                              sizeof(trb_route), "routes")};
                                        }),
        table_fault<trb_simulator_v1>(of, TRB_EXT_SIMULATOR,
                                      [](const auto& t) {
                                          return list{{t.tell != nullptr, "tell"},
                                                      array(t.story_count, t.stories, t.story_stride,
                                                            sizeof(trb_story), "stories")};
                                      }),
        table_fault<trb_actions_v1>(of, TRB_EXT_ACTIONS,
                                    [](const auto& t) {
                                        return list{{t.run != nullptr, "run"}};
                                    }),
        table_fault<trb_backfill_v1>(of, TRB_EXT_BACKFILL,
                                     [](const auto& t) {
                                         return list{{t.next != nullptr, "next"}};
                                     }),
        table_fault<trb_reward_rule_v1>(of, TRB_EXT_REWARD_RULE,
                                        [](const auto& t) {
                                            return list{{t.evaluate != nullptr, "evaluate"},
                                                        array(t.rule_count, t.rules, t.rule_stride,
                                                              sizeof(trb_rule), "rules")};
                                        }),
        table_fault<trb_sink_v1>(of, TRB_EXT_SINK,
                                 [](const auto& t) {
                                     return list{{t.deliver != nullptr, "deliver"}};
                                 }),
    };
    const auto* found = std::ranges::find_if(faults, [](const std::string& each) { return !each.empty(); });
    return found == faults.end() ? std::string() : *found;
}

verdict extensions(test_context& in) {
    auto of = in.descriptor();
    if (!of)
        return skipped(of.error().detail);
    std::set<std::string_view> declared;
    for (std::uint64_t index = 0; index < (*of)->extension_count; ++index) {
        const trb_str id = (*of)->extensions[index];
        if (!declared.insert(view(id)).second)
            return failed(std::string(view(id)) + " is declared twice");
        if (cross((*of)->get_extension, id) == nullptr)
            return failed(std::string(view(id)) + " is declared, but get_extension does not know it");
    }
    for (const std::string_view id :
         {TRB_EXT_PROVIDER, TRB_EXT_PROJECTION, TRB_EXT_HTTP_ROUTES, TRB_EXT_SIMULATOR, TRB_EXT_ACTIONS,
          TRB_EXT_BACKFILL, TRB_EXT_REWARD_RULE, TRB_EXT_SINK})
        if (!declared.contains(id) && cross((*of)->get_extension, view(id)) != nullptr)
            return failed(std::string(id) + " is there, but not declared in extensions");
    std::string fault = any_table_fault(**of);
    if (!fault.empty())
        return failed(std::move(fault));
    return declared.empty() ? warned("it has no extension at all") : passed();
}

verdict unknown_extension(test_context& in) {
    auto of = in.descriptor();
    if (!of)
        return skipped(of.error().detail);
    // The prefixes and the longer ones are what a careless comparison falls for; each lies before a guard
    // page.
    for (const std::string_view id :
         {"tributary.check.unknown/1", "tributary.provider/2", "tributary.provider/", "tributary.provider/10",
          "tributary.projection/2", "tributary.simulator/99", "", "t", "/1", "org.example.other/1"}) {
        vault lent(in.at(), "get_extension");
        if (cross((*of)->get_extension, lent.text(id, "the id")) != nullptr)
            return failed("get_extension(\"" + std::string(id) + "\") must be NULL");
    }
    return passed();
}

verdict requirements(test_context& in) {
    auto of = in.descriptor();
    if (!of)
        return skipped(of.error().detail);
    for (std::uint64_t index = 0; index < (*of)->requirement_count; ++index) {
        const std::string_view id = view((*of)->requirements[index]);
        if (!plugins::check_requirement(id))
            return failed("it requires '" + std::string(id) + "', which no host has");
    }
    return passed();
}

verdict migrations(test_context& in) {
    auto of = in.descriptor();
    if (!of)
        return skipped(of.error().detail);
    if ((*of)->migration_count == 0)
        return passed();
    if ((*of)->migrations == nullptr || (*of)->migration_stride < sizeof(trb_migration))
        return failed("migrations is null, or migration_stride too small");
    std::uint32_t expected = 1;
    for (const trb_migration& each : plugins::migrations_of(**of)) {
        if (each.struct_size < sizeof(trb_migration))
            return failed("a trb_migration has a struct_size of " + std::to_string(each.struct_size));
        if (each.number != expected)
            return failed("migration " + std::to_string(each.number) + " stands where number " +
                          std::to_string(expected) + " must be: they start at 1 and have no gaps");
        if (view(each.sql).find(std::string(view((*of)->short_name)) + "_") == std::string_view::npos)
            return failed("migration " + std::to_string(each.number) + " names no table that begins with " +
                          std::string(view((*of)->short_name)) + "_");
        ++expected;
    }
    return passed();
}

constexpr test_case tests[] = {
    {"descriptor.entry", "The entry returns the same descriptor each time", entry_is_constant, true},
    {"descriptor.magic", "It is a descriptor at all", magic, true},
    {"descriptor.version", "It was built against this ABI", version, true},
    {"descriptor.size", "The descriptor is as long as this ABI has it", size, true},
    {"descriptor.functions", "No function of the life cycle is null", functions, true},
    {"descriptor.names", "id, short_name and version are well-formed", names},
    {"descriptor.extensions", "What is declared is there, its tables long enough and complete", extensions,
     true},
    {"descriptor.unknown_extension", "An unknown extension is NULL", unknown_extension},
    {"descriptor.requirements", "Required host services exist", requirements},
    {"descriptor.migrations", "Migrations are numbered and keep to the plugin's own tables", migrations},
};

} // namespace

std::span<const test_case> descriptor_tests() {
    return tests;
}

} // namespace tributary::validator
