#include <array>
#include <vector>

#include "simulator/verbs.hpp"
#include "simulator/version.hpp"

namespace tributary::stripe::simulated {
namespace {

/// What a text that begins with $ stands for in a body written by hand.
using placeholders = std::vector<std::pair<std::string_view, json::value>>;

placeholders placeholders_of(shop& in) {
    const invoice* last = in.last_invoice();
    const payment* paid = in.payments.empty() ? nullptr : &in.payments.back();
    const bool attempted = paid != nullptr && !paid->attempts.empty();
    return {{"$customer", json::value(in.buyer.id)},
            {"$email", json::value(in.buyer.email)},
            {"$subscription", json::value(in.subscribed ? in.subscribed->id : "")},
            {"$invoice", json::value(last == nullptr ? "" : last->id)},
            {"$payment_intent", json::value(paid == nullptr ? "" : paid->intent)},
            {"$charge", json::value(attempted ? paid->attempts.back().id : "")},
            {"$product", json::value(in.find_price("main", {.unit_amount = in.given.amount}).product)},
            {"$currency", json::value(in.given.currency)},
            {"$new", json::value(in.ids.make("", 24))},
            {"$now", json::value(in.now_s)}};
}

/// Puts in what stands for something: a name behind $, or {"$": "expression"}.
void fill(json::value& into, const placeholders& known, options& with) {
    if (json::array* array = into.if_array()) {
        for (json::value& element : *array)
            fill(element, known, with);
    } else if (json::object* object = into.if_object()) {
        const json::value* sum = object->size() == 1 ? object->if_contains("$") : nullptr;
        if (sum != nullptr && sum->is_string()) {
            const evaluated result = evaluate(sum->get_string(), with.names());
            if (!result.fault.empty())
                with.refuse("object, column " + std::to_string(result.column) + ": " + result.fault);
            into = result.value;
            return;
        }
        for (auto& member : *object)
            fill(member.value(), known, with);
    } else if (const json::string* text = into.if_string(); text != nullptr && text->starts_with("$")) {
        std::vector<std::string_view> names;
        for (const auto& [name, value] : known) {
            if (name == std::string_view(*text)) {
                into = json::value(value);
                return;
            }
            names.push_back(name);
        }
        with.refuse("nothing is called " + with_nearest(*text, names));
    }
}

json::object body_of(std::string_view name, const placeholders& known, options& with) {
    const json::value* given = with.raw(name);
    if (given == nullptr)
        return {};
    json::value filled = *given;
    fill(filled, known, with);
    if (filled.is_object())
        return std::move(filled.get_object());
    with.refuse(std::string(name) + " is an object");
    return {};
}

} // namespace

sdk::outcome do_event(stage& on, options& with) {
    shop& in = on.in();
    const std::string type = with.text("type", "");
    const std::string since = with.text("since", "");
    const std::string before = with.text("before", "");
    const placeholders known = placeholders_of(in);
    json::object object = body_of("object", known, with);
    json::object previous = body_of("previous", known, with);
    if (type.empty() || object.empty())
        with.refuse("an event needs its type and its object");
    for (const std::string& date : {since, before}) {
        api_version checked;
        if (sdk::outcome done = api_version::parse(date, checked); !done)
            with.refuse(done.message());
    }
    if (sdk::outcome done = with.finish(); !done)
        return done;
    const bool is_sent =
        in.api.since(since.substr(0, 10)) && (before.empty() || !in.api.since(before.substr(0, 10)));
    on.happens(type, std::move(object), std::move(previous), when(is_sent));
    return {};
}

namespace {

constexpr std::array verbs{
    verb{"customer", &do_customer},
    verb{"catalogue", &do_catalogue},
    verb{"checkout", &do_checkout},
    verb{"subscribe", &do_subscribe},
    verb{"renew", &do_renew},
    verb{"trial_will_end", &do_trial_will_end},
    verb{"change", &do_change},
    verb{"cancel", &do_cancel},
    verb{"undo_cancel", &do_undo_cancel},
    verb{"end", &do_end},
    verb{"pause", &do_pause},
    verb{"resume", &do_resume},
    verb{"refund", &do_refund},
    verb{"dispute", &do_dispute},
    verb{"credit_note", &do_credit_note},
    verb{"invoice", &do_invoice},
    verb{"pay", &do_pay},
    verb{"void", &do_void},
    verb{"uncollectible", &do_uncollectible},
    verb{"event", &do_event},
};

} // namespace

std::span<const verb> all_verbs() noexcept {
    return verbs;
}

} // namespace tributary::stripe::simulated
