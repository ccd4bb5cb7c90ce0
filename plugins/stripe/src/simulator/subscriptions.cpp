#include "simulator/subscriptions.hpp"

#include <algorithm>

#include "simulator/bodies.hpp"

namespace tributary::stripe::simulated {

subscription* need_subscription(shop& in, options& with, std::initializer_list<std::string_view> statuses) {
    if (!in.subscribed) {
        with.refuse("there is no subscription yet");
        return nullptr;
    }
    subscription& found = *in.subscribed;
    if (statuses.size() == 0 || std::find(statuses.begin(), statuses.end(), found.status) != statuses.end())
        return &found;
    with.refuse("the subscription is " + found.status);
    return nullptr;
}

std::vector<bill_line> period_lines(shop& in, const subscription& of, std::int64_t usage) {
    std::vector<bill_line> lines;
    for (const subscription_item& item : of.items) {
        bill_line line = in.make_line(item.sold, item.sold.metered ? usage : item.quantity, item.id, true);
        line.period_start_s = of.period_start_s;
        line.period_end_s = of.period_end_s;
        lines.push_back(std::move(line));
    }
    return lines;
}

std::vector<bill_line> trial_lines(shop& in, const subscription& of) {
    std::vector<bill_line> lines = period_lines(in, of, 0);
    for (bill_line& line : lines)
        line.amount = 0;
    return lines;
}

invoice& add_period_invoice(shop& in, subscription& of, std::string reason, std::vector<bill_line> lines) {
    std::vector<bill_line> all = std::exchange(of.pending, {});
    std::move(lines.begin(), lines.end(), std::back_inserter(all));
    invoice& made = in.add_invoice(std::move(reason), in.make_bill(std::move(all), of.reduced), of.id);
    made.period_start_s = of.period_start_s;
    made.period_end_s = of.period_end_s;
    of.latest_invoice = made.id;
    return made;
}

void use_up_discount(stage& on, subscription& of) {
    if (!of.reduced || of.reduced->of.forever)
        return;
    const discount used = std::exchange(of.reduced, std::nullopt).value();
    on.happens("customer.discount.deleted", make_discount(on.in(), used, of.id, ""));
}

json::object previous_period(const shop& in, const subscription& of) {
    json::object made{{"latest_invoice", text_or_null(of.latest_invoice)}};
    if (in.api.is_split()) {
        made["items"] = make_items(in, of);
    } else {
        made["current_period_end"] = of.period_end_s;
        made["current_period_start"] = of.period_start_s;
    }
    return made;
}

std::vector<subscription_item> new_items(shop& in, const std::vector<sold_item>& sold) {
    std::vector<subscription_item> items;
    for (const sold_item& one : sold)
        items.push_back({in.ids.make("si_", 14), one.sold, one.quantity});
    return items;
}

} // namespace tributary::stripe::simulated
