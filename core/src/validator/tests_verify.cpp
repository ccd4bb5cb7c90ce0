// provider.*: is it genuine?
#include <algorithm>
#include <array>
#include <thread>

#include "validator/growth.hpp"
#include "validator/mutation.hpp"
#include "validator/suite.hpp"

namespace tributary::validator {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::size_t samples_max = 12;

/// A provider with deliveries that it accepts, or the verdict to end with.
struct subject {
    extension<trb_provider_v1> provider;
    std::vector<delivery_sample> samples;
    verdict otherwise;
    bool usable = false;

    provider_calls calls() const { return {*provider.of, *provider.table}; }
};

subject prepare(test_context& in, std::size_t most = samples_max) {
    subject made;
    made.provider = need_extension<trb_provider_v1>(in, TRB_EXT_PROVIDER);
    if (made.provider.of == nullptr) {
        made.otherwise = made.provider.otherwise;
        return made;
    }
    auto samples = in.some_accepted(most);
    if (!samples)
        made.otherwise = skipped(samples.error().detail);
    else if (samples->empty())
        made.otherwise = skipped("no delivery is accepted: see provider.accepts");
    else
        made.samples = std::move(*samples);
    made.usable = !made.samples.empty();
    return made;
}

std::string shown(const verdict_said& said) {
    return text_of(said.json()) + (said.error.empty() ? "" : " " + said.error);
}

verdict accepts(test_context& in) {
    auto provider = need_extension<trb_provider_v1>(in, TRB_EXT_PROVIDER);
    if (provider.of == nullptr)
        return provider.otherwise;
    auto all = in.deliveries();
    if (!all)
        return failed(all.error().detail);
    if (all->empty())
        return warned("there is nothing to test it with: neither *.http in " +
                      in.testdata().filename().string() + " nor a simulator");
    const provider_calls calls(*provider.of, *provider.table);
    std::size_t accepted = 0;
    for (const delivery_sample& each : *all) {
        const verdict_said said = calls.verify(each);
        if (said.accepted())
            ++accepted;
        else if (each.expected.empty()) // What its own simulator signed.
            return failed(each.name + ", as its simulator tells it, is not accepted: " + shown(said));
    }
    return accepted > 0 ? passed()
                        : failed("none of " + std::to_string(all->size()) +
                                 " fixtures is accepted; the first: " + shown(calls.verify(all->front())));
}

verdict sink_rules(test_context& in) {
    auto provider = need_extension<trb_provider_v1>(in, TRB_EXT_PROVIDER);
    if (provider.of == nullptr)
        return provider.otherwise;
    auto all = in.deliveries();
    if (!all)
        return skipped(all.error().detail);
    const provider_calls calls(*provider.of, *provider.table);
    for (const delivery_sample& each : *all) {
        const verdict_said said = calls.verify(each);
        if (!is_status(said.status))
            return failed(each.name + ": verify returned " + std::to_string(said.status) +
                          ", which is no status");
        if (!said.fault.empty())
            return failed(each.name + ": " + said.fault);
        if (said.answers.size() > 1)
            return failed(each.name + ": answer was called " + std::to_string(said.answers.size()) +
                          " times in one call");
        if (!said.needs.empty() && !said.items.empty())
            return failed(each.name + ": need was called together with item; it is instead of items");
        if (said.needs.size() > 1)
            return failed(each.name + ": need was called " + std::to_string(said.needs.size()) + " times");
        for (std::size_t left = 0; left < said.items.size(); ++left)
            for (std::size_t right = left + 1; right < said.items.size(); ++right)
                if (!said.items[left].dedupe_key.empty() &&
                    said.items[left].dedupe_key == said.items[right].dedupe_key &&
                    said.items[left].content == said.items[right].content)
                    return failed(each.name + ": two items have the dedupe key " +
                                  said.items[left].dedupe_key);
    }
    return passed();
}

verdict tampered_body(test_context& in) {
    const subject with = prepare(in);
    if (!with.usable)
        return with.otherwise;
    dice random(in.wanted().seed);
    bool tolerated = false;
    for (const delivery_sample& genuine : with.samples)
        for (int flip = 0; flip < 24 && !genuine.body.empty(); ++flip) {
            delivery_sample forged = genuine;
            // The ends first, they are what a careless comparison leaves out.
            const std::size_t at = flip == 0   ? 0
                                   : flip == 1 ? forged.body.size() - 1
                                               : random.below(forged.body.size());
            forged.body[at] ^= static_cast<char>(1 << random.below(7));
            if (!with.calls().verify(forged).accepted())
                continue;
            if (!genuine.connection.unsigned_body)
                return failed(genuine.name + " is accepted although byte " + std::to_string(at) +
                              " of its body was changed. (If the provider signs no bodies, say so: "
                              "\"unsigned_body\": true in connection.json)");
            tolerated = true;
        }
    return tolerated
               ? warned("a changed body is accepted: the provider signs none, so that whoever learns its "
                        "token can book anything")
               : passed();
}

/// Without which header is it no longer accepted?
std::vector<std::size_t> deciding_headers(const subject& with, const delivery_sample& of) {
    std::vector<std::size_t> found;
    for (std::size_t index = 0; index < of.headers.size(); ++index) {
        delivery_sample without = of;
        without.headers.erase(without.headers.begin() + static_cast<std::ptrdiff_t>(index));
        if (!with.calls().verify(without).accepted())
            found.push_back(index);
    }
    return found;
}

verdict missing_header(test_context& in) {
    const subject with = prepare(in);
    if (!with.usable)
        return with.otherwise;
    for (const delivery_sample& each : with.samples) {
        delivery_sample bare = each;
        bare.headers.clear();
        const verdict_said said = with.calls().verify(bare);
        if (!is_status(said.status))
            return failed(each.name + " without headers: verify returned " + std::to_string(said.status));
        if (!said.accepted() || !deciding_headers(with, each).empty())
            continue;
        // A document that carries its own signature is fine: then a changed body is noticed.
        bare.body[bare.body.size() / 2] ^= 1;
        if (with.calls().verify(bare).accepted())
            return failed(each.name +
                          " is accepted without any header, and with a changed body too: nothing is "
                          "verified");
    }
    return passed();
}

verdict bad_signature(test_context& in) {
    const subject with = prepare(in);
    if (!with.usable)
        return with.otherwise;
    bool looked = false;
    dice random(in.wanted().seed);
    for (const delivery_sample& genuine : with.samples)
        for (const std::size_t index : deciding_headers(with, genuine)) {
            looked = true;
            const std::string& right = genuine.headers[index].second;
            std::vector<std::string> wrong{"", std::string(right.size(), '0'),
                                           right.substr(0, right.size() / 2)};
            for (int flip = 0; flip < 8 && right.size() > 16; ++flip) {
                wrong.push_back(right);
                // Near the end stands the signature in every scheme; the last character of base64 may hold
                // bits that mean nothing.
                wrong.back()[right.size() - 4 - random.below(12)] ^= 1;
            }
            for (const std::string& each : wrong) {
                delivery_sample forged = genuine;
                forged.headers[index].second = each;
                if (each != right && with.calls().verify(forged).accepted())
                    return failed(genuine.name + " is accepted with the header " +
                                  genuine.headers[index].first + ": " + each);
            }
        }
    return looked ? passed()
                  : skipped("no header decides: the signature must be in the body, see "
                            "provider.tampered_body");
}

/// Verifies with other secrets. @return the name of a delivery that is accepted nevertheless.
template <class Change> std::string accepted_with(const subject& with, Change change) {
    for (const delivery_sample& genuine : with.samples) {
        if (genuine.connection.secrets.empty())
            continue;
        delivery_sample other = genuine;
        change(other.connection.secrets);
        if (with.calls().verify(other).accepted())
            return genuine.name;
    }
    return {};
}

bool have_secrets(const subject& with) {
    return std::ranges::any_of(with.samples,
                               [](const delivery_sample& each) { return !each.connection.secrets.empty(); });
}

verdict wrong_secret(test_context& in) {
    const subject with = prepare(in);
    if (!with.usable)
        return with.otherwise;
    if (!have_secrets(with))
        return skipped("its connections have no secrets");
    for (const std::string other :
         {"", "whsec_b3RoZXI=", "another secret altogether", "0", "whsec_", "a\xff\xfe"}) {
        const std::string name = accepted_with(with, [&](auto& secrets) {
            for (auto& [secret_name, value] : secrets)
                value = other;
        });
        if (!name.empty())
            return failed(name + " is accepted with the secret '" +
                          (other == "a\xff\xfe" ? "no text" : other) + "' instead of the right one");
    }
    return passed();
}

verdict no_secret(test_context& in) {
    const subject with = prepare(in);
    if (!with.usable)
        return with.otherwise;
    if (!have_secrets(with))
        return skipped("its connections have no secrets");
    const std::string name = accepted_with(with, [](auto& secrets) { secrets.clear(); });
    return name.empty() ? passed() : failed(name + " is accepted by a connection that has no secret at all");
}

verdict rolled_secret(test_context& in) {
    const subject with = prepare(in);
    if (!with.usable)
        return with.otherwise;
    for (const delivery_sample& genuine : with.samples) {
        if (genuine.connection.secrets.empty())
            continue;
        delivery_sample rolled = genuine;
        const auto right = genuine.connection.secrets;
        rolled.connection.secrets.insert(rolled.connection.secrets.begin(),
                                         {right.front().first, "whsec_b3RoZXI="});
        if (!with.calls().verify(rolled).accepted())
            return warned(
                genuine.name + " is refused while two secrets named " + right.front().first +
                " are active, the right one being the older: a secret cannot be changed without a gap");
    }
    return passed();
}

verdict replayed(test_context& in) {
    const subject with = prepare(in);
    if (!with.usable)
        return with.otherwise;
    for (delivery_sample late : with.samples) {
        late.received_at += day_ms;
        if (with.calls().verify(late).accepted())
            return warned(late.name + " is accepted a day later too: who recorded it can deliver it again. "
                                      "(Fine when the provider signs no time)");
    }
    return passed();
}

verdict concurrent(test_context& in) {
    const subject with = prepare(in);
    if (!with.usable)
        return with.otherwise;
    const provider_calls calls = with.calls();
    const auto all = [&] {
        std::string text;
        for (const delivery_sample& each : with.samples)
            text += text_of(calls.verify(each).json()) + text_of(calls.normalise(each, 0).json());
        return text;
    };
    const std::string alone = all();
    std::array<std::string, 4> beside;
    {
        std::vector<std::jthread> threads;
        for (std::string& into : beside)
            threads.emplace_back([&] {
                for (int round = 0; round < 8; ++round)
                    if (into = all(); into != alone)
                        return;
            });
    }
    for (const std::string& each : beside)
        if (each != alone)
            return failed("from four threads at once verify and normalise say something else than from one");
    return passed();
}

verdict deterministic(test_context& in) {
    const subject with = prepare(in);
    if (!with.usable)
        return with.otherwise;
    for (const delivery_sample& each : with.samples) {
        const std::string first = text_of(with.calls().verify(each).json());
        const std::string second = text_of(with.calls().verify(each).json());
        if (first != second)
            return failed(each.name + ": the same delivery gives first " + first + ", then " + second);
    }
    return passed();
}

verdict pure(test_context& in) {
    const subject with = prepare(in);
    if (!with.usable)
        return with.otherwise;
    for (const delivery_sample& each : with.samples)
        if (const verdict_said said = with.calls().verify(each); !said.breach.empty())
            return failed(each.name + ": verify uses " + said.breach +
                          " of the host; the time is trb_record.received_at_ms");
    return passed();
}

verdict malformed(test_context& in) {
    const subject with = prepare(in);
    if (!with.usable)
        return with.otherwise;
    dice random(in.wanted().seed);
    for (const delivery_sample& genuine : with.samples)
        for (int round = 0; round < 200; ++round) {
            delivery_sample odd = genuine;
            if (round % 2 == 0)
                odd.body = mutated(genuine.body, random);
            if (round % 3 == 0)
                mutate_headers(odd, random);
            if (round % 7 == 0)
                odd.body.clear();
            const verdict_said said = with.calls().verify(odd);
            if (!is_status(said.status))
                return failed("verify returned " + std::to_string(said.status) + ", which is no status");
            if (!said.fault.empty())
                return failed(genuine.name + ", mutated: " + said.fault);
        }
    return passed();
}

verdict secrets_in_texts(test_context& in) {
    const subject with = prepare(in);
    if (!with.usable)
        return with.otherwise;
    std::string said;
    for (const delivery_sample& genuine : with.samples) {
        delivery_sample forged = genuine;
        forged.body += " ";
        said += with.calls().verify(genuine).for_people() + with.calls().verify(forged).for_people() +
                with.calls().normalise(genuine, 0).for_people();
    }
    for (const std::string& line : with.provider.of->host().lines())
        said += "\n" + line;
    for (const delivery_sample& each : with.samples)
        for (const auto& [name, value] : each.connection.secrets)
            if (value.size() >= 6 && said.find(value) != std::string::npos)
                return failed("the secret '" + name + "' is in a text for people (log, error, reason, note)");
    return passed();
}

verdict retained_views(test_context& in) {
    const subject with = prepare(in);
    if (!with.usable)
        return with.otherwise;
    // Each call's inputs are gone when it returns; whoever kept one reads it in a later call, or at the end.
    for (int round = 0; round < 3; ++round)
        for (const delivery_sample& each : with.samples) {
            static_cast<void>(with.calls().verify(each));
            delivery_sample forged = each;
            forged.body += "x";
            static_cast<void>(with.calls().verify(forged));
        }
    with.provider.of->end();
    return passed();
}

verdict future_structs(test_context& in) {
    const subject with = prepare(in);
    if (!with.usable)
        return with.otherwise;
    auto newer = in.fresh(true);
    if (!newer)
        return skipped(newer.error().detail);
    const provider_calls calls(**newer, *with.provider.table);
    for (const delivery_sample& each : with.samples) {
        const std::string expected = text_of(with.calls().verify(each).json());
        const std::string got = text_of(calls.verify(each).json());
        if (got != expected)
            return failed(each.name + ": with longer structs, as a newer host has them, verify says " + got +
                          " instead of " + expected + ". Go by struct_size and stride");
        if (text_of(calls.normalise(each, 0).json()) != text_of(with.calls().normalise(each, 0).json()))
            return failed(each.name + ": with longer structs normalise says something else");
    }
    return passed();
}

verdict leaks(test_context& in) {
    const subject with = prepare(in, 4);
    if (!with.usable)
        return with.otherwise;
    const std::string grows = growth_of(
        [&] {
            for (const delivery_sample& each : with.samples)
                static_cast<void>(with.calls().verify(each));
        },
        100);
    return grows.empty() ? passed() : failed("verify: " + grows);
}

constexpr test_case tests[] = {
    {"provider.accepts", "Genuine deliveries are accepted", accepts},
    {"provider.sink_rules", "Items, answer and need keep the rules of provider.h", sink_rules},
    {"provider.tampered_body", "A body with one changed byte is not accepted", tampered_body},
    {"provider.missing_header", "Without its headers a delivery does not pass unverified", missing_header},
    {"provider.bad_signature", "A changed signature is not accepted", bad_signature},
    {"provider.wrong_secret", "With an empty or another secret nothing is accepted", wrong_secret},
    {"provider.no_secret", "Without any secret nothing is accepted", no_secret},
    {"provider.rolled_secret", "Two active secrets of one name are both tried", rolled_secret},
    {"provider.replayed", "A delivery of yesterday is refused", replayed},
    {"provider.concurrent", "Four threads at once get the same verdicts", concurrent},
    {"provider.deterministic", "The same delivery gives the same items, byte for byte", deterministic},
    {"provider.pure", "verify uses no clock, no randomness, no store", pure},
    {"provider.malformed", "Mutated deliveries neither crash nor give an unknown status", malformed},
    {"provider.secrets_in_texts", "No secret is in a log line, an error or a note", secrets_in_texts},
    {"provider.retained_views", "verify keeps no view of its inputs", retained_views},
    {"provider.future_structs", "Longer structs of a newer host are read right", future_structs},
    {"provider.leaks", "verify leaves no memory, files, threads behind", leaks},
};

} // namespace

std::span<const test_case> verify_tests() {
    return tests;
}

} // namespace tributary::validator
