// provider.*: is it genuine?
#include <algorithm>

#include "validator/mutation.hpp"
#include "validator/suite.hpp"

namespace tributary::validator {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

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
    std::size_t hints = 0;
    for (const delivery_sample& each : *all) {
        const verdict_said said = calls.verify(each);
        const bool hinted = !said.items.empty() && said.items.front().verdict == TRB_ITEM_HINT;
        if (said.accepted())
            ++accepted;
        else if (hinted)
            ++hints;
        else if (each.expected.empty()) // What its own simulator signed.
            return failed(each.name + ", as its simulator tells it, is not accepted: " + shown(said));
    }
    if (accepted > 0)
        return passed();
    if (hints > 0)
        return warned(
            "all it accepts are hints: what follows from the answers to its requests is not looked at");
    return failed("none of " + std::to_string(all->size()) +
                  " fixtures is accepted; the first: " + shown(calls.verify(all->front())));
}

verdict tampered_body(test_context& in) {
    const accepted_samples with = need_accepted(in);
    if (!with.usable())
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
std::vector<std::size_t> deciding_headers(const accepted_samples& with, const delivery_sample& of) {
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
    const accepted_samples with = need_accepted(in);
    if (!with.usable())
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
    const accepted_samples with = need_accepted(in);
    if (!with.usable())
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
template <class Change> std::string accepted_with(const accepted_samples& with, Change change) {
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

bool have_secrets(const accepted_samples& with) {
    return std::ranges::any_of(with.samples,
                               [](const delivery_sample& each) { return !each.connection.secrets.empty(); });
}

verdict wrong_secret(test_context& in) {
    const accepted_samples with = need_accepted(in);
    if (!with.usable())
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
    const accepted_samples with = need_accepted(in);
    if (!with.usable())
        return with.otherwise;
    if (!have_secrets(with))
        return skipped("its connections have no secrets");
    const std::string name = accepted_with(with, [](auto& secrets) { secrets.clear(); });
    return name.empty() ? passed() : failed(name + " is accepted by a connection that has no secret at all");
}

verdict rolled_secret(test_context& in) {
    const accepted_samples with = need_accepted(in);
    if (!with.usable())
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
    const accepted_samples with = need_accepted(in);
    if (!with.usable())
        return with.otherwise;
    for (delivery_sample late : with.samples) {
        late.received_at += day_ms;
        if (with.calls().verify(late).accepted())
            return warned(late.name + " is accepted a day later too: who recorded it can deliver it again. "
                                      "(Fine when the provider signs no time)");
    }
    return passed();
}

constexpr test_case tests[] = {
    {"provider.accepts", "Genuine deliveries are accepted", accepts},
    {"provider.tampered_body", "A body with one changed byte is not accepted", tampered_body},
    {"provider.missing_header", "Without its headers a delivery does not pass unverified", missing_header},
    {"provider.bad_signature", "A changed signature is not accepted", bad_signature},
    {"provider.wrong_secret", "With an empty or another secret nothing is accepted", wrong_secret},
    {"provider.no_secret", "Without any secret nothing is accepted", no_secret},
    {"provider.rolled_secret", "Two active secrets of one name are both tried", rolled_secret},
    {"provider.replayed", "A delivery of yesterday is refused", replayed},
};

} // namespace

std::span<const test_case> verify_tests() {
    return tests;
}

} // namespace tributary::validator
