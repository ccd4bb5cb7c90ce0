// Goal: subjects that grew fact by fact, in any order, with records normalised again, are those that the
// whole set gives. Method: random facts go into the database one record at a time; claims, conflicts and the
// facts' subjects are compared with partition() of what is there at the end, and every subject whose history
// changed must have been reported.
#include <tributary/identity/identity.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <random>

#include "engine/fact_samples.hpp"
#include "identity/partition.hpp"
#include "support/engine_fixture.hpp"

using namespace tributary;
using namespace tributary::identity;
using namespace tributary::test;
using facts::test::text;

namespace {

/// A fact in few words.
struct spec {
    std::int32_t kind = TRB_KIND_IDENTITY;
    std::string id = {};
    std::string same_as = {};
    std::string parent = {};
    std::string user = {};
    std::string customer = {};
    std::int64_t occurred = 0;
};

new_fact make_fact(const spec& from, std::int64_t inbox_id) {
    auto payment = facts::test::body<trb_payment>();
    trb_fact said = facts::test::fact(from.kind, from.id, from.kind == TRB_KIND_PAYMENT ? &payment : nullptr);
    const trb_str same = text(from.same_as);
    const trb_str parent = text(from.parent);
    std::vector<trb_claim> claims;
    if (!from.user.empty())
        claims.push_back({TRB_CLAIM_EXCLUSIVE, 0, text("user"), text(from.user)});
    if (!from.customer.empty())
        claims.push_back({TRB_CLAIM_SHARED, 0, text("customer"), text(from.customer)});
    said.same_as = &same;
    said.same_as_count = from.same_as.empty() ? 0 : 1;
    said.parents = &parent;
    said.parent_count = from.parent.empty() ? 0 : 1;
    said.claims = claims.data();
    said.claim_count = claims.size();
    said.occurred_at_ms = from.occurred;
    return {must(facts::encode_fact(said, "toy:a")), inbox_id, "c", 1};
}

node make_node(const spec& from, const new_fact& made) {
    node one;
    one.order = from.kind == TRB_KIND_IDENTITY ? 1 : 2;
    one.occurred_at = from.occurred;
    one.digest = as_bytes(made.said.digest);
    one.ids.push_back(shared_key("toy:a", "id", from.id));
    if (!from.same_as.empty() && from.same_as != from.id)
        one.ids.push_back(shared_key("toy:a", "id", from.same_as));
    std::sort(one.ids.begin(), one.ids.end());
    if (!from.parent.empty())
        one.joined.push_back(shared_key("toy:a", "id", from.parent));
    if (!from.customer.empty())
        one.joined.push_back(shared_key("toy:a", "customer", from.customer));
    if (!from.user.empty())
        one.exclusive = exclusive_key("user", from.user);
    return one;
}

using record_map = std::map<std::int64_t, std::vector<spec>>; ///< by inbox id
using joins = std::vector<std::pair<std::string, std::string>>;

std::string subject_lines(std::vector<std::string> lines) {
    std::sort(lines.begin(), lines.end());
    std::string all;
    for (const std::string& line : lines)
        all += line + "\n";
    return all;
}

/// Claims, conflicts and facts' subjects as partition() has them.
std::string expected(const record_map& records, const joins& apart) {
    std::vector<node> nodes;
    std::vector<std::string> lines;
    std::vector<std::string> names;
    for (const auto& [inbox_id, specs] : records)
        for (const spec& one : specs) {
            nodes.push_back(make_node(one, make_fact(one, inbox_id)));
            names.push_back("fact " + std::to_string(inbox_id) + " " + one.id);
        }
    const partition_result done = partition(nodes, apart);
    for (std::size_t index = 0; index < nodes.size(); ++index)
        lines.push_back(names[index] + " " + done.subject_of[index]);
    std::map<std::string, std::string> holder(done.claims.begin(), done.claims.end());
    std::set<std::string> contested;
    for (const auto& [claim, subject] : done.conflicts)
        contested.insert({subject, holder.at(claim)});
    for (const auto& [left, right] : apart)
        if (holder.contains(left))
            contested.insert(holder.at(left));
    for (const auto& [claim, subject] : done.claims)
        lines.push_back("claim " + claim + " " + subject + (contested.contains(subject) ? " contested" : ""));
    for (const auto& [claim, subject] : done.conflicts)
        lines.push_back("conflict " + claim + " " + subject);
    return subject_lines(std::move(lines));
}

std::string stored(engine_world& world, space in) {
    std::vector<std::string> lines;
    const auto add = [&](std::string_view sql) {
        must(world.engine().session().query(
            {"test.stored", sql}, std::array{storage::value(in.workspace), storage::value(in.environment)},
            [&](const storage::row& from) { lines.emplace_back(from.text(0)); }));
    };
    add("SELECT 'fact ' || inbox_id || ' ' || document_id || ' ' || subject_id FROM fact "
        "WHERE workspace_id = $1 AND environment = $2");
    add("SELECT 'claim ' || claim || ' ' || subject_id || CASE WHEN contested = 1 THEN ' contested' ELSE '' "
        "END "
        "FROM claim WHERE workspace_id = $1 AND environment = $2");
    add("SELECT 'conflict ' || claim || ' ' || subject_id FROM claim_conflict "
        "WHERE workspace_id = $1 AND environment = $2");
    return subject_lines(std::move(lines));
}

/// Facts by subject, to see whose history changed.
std::map<std::string, std::string> histories(engine_world& world, space in) {
    std::map<std::string, std::string> found;
    must(world.engine().session().query(
        {"test.histories", "SELECT subject_id, inbox_id, hex(digest) FROM fact WHERE workspace_id = $1 AND "
                           "environment = $2 ORDER BY subject_id, inbox_id, digest"},
        std::array{storage::value(in.workspace), storage::value(in.environment)},
        [&](const storage::row& from) {
            found[std::string(from.text(0))] +=
                std::to_string(from.integer(1)) + std::string(from.text(2)) + ";";
        }));
    return found;
}

struct runner {
    engine_world& world;
    space in;
    record_map records{};
    joins apart{};

    template <class Work> void reported(Work work) {
        const auto before = histories(world, in);
        std::set<subject_key> dirty;
        work(dirty);
        const auto after = histories(world, in);
        for (const auto* side : {&before, &after})
            for (const auto& [subject, facts] : *side) {
                const auto then = before.find(subject);
                const auto now = after.find(subject);
                const bool same = then != before.end() && now != after.end() && then->second == now->second;
                BOOST_REQUIRE_MESSAGE(same || dirty.contains({in, subject}),
                                      "an unreported change of " << subject);
            }
    }

    void assign_record(std::int64_t inbox_id, std::vector<spec> specs) {
        std::vector<new_fact> made;
        for (const spec& one : specs)
            made.push_back(make_fact(one, inbox_id));
        const std::int64_t replaced = records.contains(inbox_id) ? inbox_id : 0;
        reported([&](std::set<subject_key>& dirty) {
            must(assign(world.engine().session(), in, made, replaced, dirty));
        });
        records[inbox_id] = std::move(specs);
    }

    void keep_apart(const std::string& left, const std::string& right) {
        reported([&](std::set<subject_key>& dirty) {
            must(never_join(world.engine().session(), in, left, right, start_ms, dirty));
        });
        apart.emplace_back(left, right);
        apart.emplace_back(right, left);
    }

    void check() { BOOST_REQUIRE_EQUAL(stored(world, in), expected(records, apart)); }
};

struct random_specs {
    std::mt19937 random;
    int pick(int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); }
    std::string id() { return "d" + std::to_string(pick(7)); }
    spec one() {
        spec made;
        made.kind = pick(3) == 0 ? TRB_KIND_IDENTITY : TRB_KIND_PAYMENT;
        made.id = id();
        if (pick(4) == 0)
            made.same_as = id();
        if (pick(3) == 0)
            made.parent = id();
        if (pick(3) == 0)
            made.user = "u" + std::to_string(pick(3));
        if (pick(2) == 0)
            made.customer = "c" + std::to_string(pick(3));
        made.occurred = pick(3);
        return made;
    }
    std::vector<spec> record() {
        std::vector<spec> made{one()};
        if (pick(4) == 0)
            made.push_back(one());
        return made;
    }
    std::string claim() {
        switch (pick(3)) {
        case 0: return shared_key("toy:a", "id", id());
        case 1: return shared_key("toy:a", "customer", "c" + std::to_string(pick(3)));
        default: return exclusive_key("user", "u" + std::to_string(pick(3)));
        }
    }
};

struct fixture {
    engine_world world;
    runner run{world, world.new_workspace()};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(assigned_subjects, fixture)

BOOST_AUTO_TEST_CASE(a_late_login_names_what_it_joins) {
    run.assign_record(1, {{.kind = TRB_KIND_PAYMENT, .id = "pi", .customer = "c"}});
    run.check();
    run.assign_record(2, {{.id = "login", .user = "u", .customer = "c"}});
    run.check();
    BOOST_TEST(must(find_subject(world.engine().session(), run.in, shared_key("toy:a", "id", "pi"))) ==
               subject_id_of(exclusive_key("user", "u"), {}));
}

BOOST_AUTO_TEST_CASE(a_smaller_claim_renames_a_subject_without_a_user) {
    run.assign_record(1, {{.id = "m", .customer = "c5"}});
    run.assign_record(2, {{.id = "b", .customer = "c5"}});
    run.check();
    run.assign_record(3, {{.id = "x", .customer = "c5"}});
    run.check();
}

BOOST_AUTO_TEST_CASE(a_second_user_is_a_conflict_that_people_see_from_both_sides) {
    run.assign_record(1, {{.id = "a", .user = "u1", .customer = "c"}});
    run.assign_record(2, {{.kind = TRB_KIND_PAYMENT, .id = "b", .user = "u2", .customer = "c"}});
    run.check();
    const std::string first = subject_id_of(exclusive_key("user", "u1"), {});
    const std::string second = subject_id_of(exclusive_key("user", "u2"), {});
    for (const std::string& side : {first, second}) {
        const auto conflicts = must(conflicts_of(world.engine().session(), run.in, side));
        BOOST_REQUIRE(conflicts.size() == 1u);
        BOOST_TEST(conflicts[0].held_by == first);
        BOOST_TEST(conflicts[0].claimed_by == second);
    }
}

BOOST_AUTO_TEST_CASE(a_record_that_takes_back_what_joined_splits_the_subject) {
    run.assign_record(1, {{.id = "a", .customer = "c1"}});
    run.assign_record(2, {{.id = "b", .customer = "c2"}});
    run.assign_record(3, {{.id = "x", .parent = "a", .customer = "c2"}});
    run.check();
    run.assign_record(3, {{.id = "x", .customer = "c2"}});
    run.check();
    run.assign_record(3, {});
    run.check();
}

BOOST_AUTO_TEST_CASE(a_conflict_that_is_gone_leaves_nothing_contested) {
    run.assign_record(1, {{.id = "a", .user = "u1", .customer = "c"}});
    run.assign_record(2, {{.id = "b", .user = "u2", .customer = "c"}});
    run.assign_record(2, {{.id = "b", .user = "u2"}});
    run.check();
}

BOOST_AUTO_TEST_CASE(never_join_holds_for_claims_that_come_later) {
    run.keep_apart(shared_key("toy:a", "customer", "c1"), shared_key("toy:a", "id", "pi"));
    run.assign_record(1, {{.id = "a", .customer = "c1"}});
    run.assign_record(2, {{.kind = TRB_KIND_PAYMENT, .id = "pi", .customer = "c1"}});
    run.check();
    run.assign_record(3, {{.id = "re", .parent = "pi"}});
    run.check();
}

BOOST_AUTO_TEST_CASE(one_workspace_never_sees_another) {
    const space other = world.new_workspace();
    runner there{world, other};
    run.assign_record(1, {{.id = "a", .customer = "c1"}});
    there.assign_record(1, {{.id = "b", .customer = "c1"}});
    runner sandbox{world, {run.in.workspace, TRB_SANDBOX}};
    sandbox.assign_record(7, {{.id = "s", .user = "u", .customer = "c1"}});
    run.check();
    there.check();
    sandbox.check();
}

BOOST_AUTO_TEST_CASE(any_order_with_records_normalised_again_gives_what_the_whole_set_gives) {
    constexpr int rounds = 250;
    constexpr int steps = 14;
    random_specs source{std::mt19937(5)};
    for (int round = 0; round < rounds; ++round) {
        runner one{world, world.new_workspace()};
        must(world.engine().session().begin()); // A commit at each statement would take most of the time.
        for (int step = 0; step < steps; ++step) {
            if (source.pick(12) == 0) {
                const std::string left = source.claim();
                const std::string right = source.claim();
                if (left != right)
                    one.keep_apart(left, right);
            } else {
                // Among them records that were there before: what they said is replaced.
                one.assign_record(1 + source.pick(steps), source.record());
            }
            BOOST_TEST_CONTEXT("round " << round << " step " << step) one.check();
        }
        must(world.engine().session().commit());
    }
}

BOOST_AUTO_TEST_SUITE_END()
