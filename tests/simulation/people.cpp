#include "simulation/people.hpp"

#include <algorithm>

#include "plugins/toy/toy_message.hpp"

namespace tributary::test {

namespace {

/// Routes of toyfold.
constexpr std::uint64_t rate_route = 0;
constexpr std::uint64_t payment_route = 1;

people::errand click(dice& random, space in) {
    // What a click id names never differs: it is computed from link, visitor and hour.
    const std::size_t number = random.below(8);
    people::errand made;
    made.what = people::deed::click;
    made.click.in = in;
    made.click.id = "k" + std::to_string(number);
    made.click.link_id = "l" + std::to_string(number % 3);
    made.click.at = start_ms - static_cast<time_ms>(number * number) * day_ms; // in several months
    made.click.body = R"({"link_id":")" + made.click.link_id + R"("})";
    return made;
}

/// The first payment of each space, which others claim for themselves.
people::errand first_payment() {
    people::errand made;
    made.what = people::deed::payment;
    made.key = "first";
    made.body = toy::payment("call", "first", start_ms - day_ms, 100).line("user", "owner").text();
    return made;
}

/// The route finds only after it has written that the user is not known: all of it must be taken back.
people::errand misfit(std::size_t number) {
    people::errand made = first_payment();
    made.key = "key_" + std::to_string(number);
    made.body = toy::payment("call", "first", start_ms, 200).line("user", "stranger").text();
    made.is_misfit = true;
    return made;
}

people::errand payment(dice& random, std::size_t number, time_ms now_ms) {
    people::errand made;
    made.what = people::deed::payment;
    made.key = "key_" + std::to_string(number);
    made.body = toy::payment("call", "call_" + std::to_string(number), now_ms / hour_ms * hour_ms,
                             static_cast<std::int64_t>(random.below(5000)))
                    .line("user", "u" + std::to_string(random.below(4)))
                    .text();
    return made;
}

people::errand rate(dice& random, std::size_t number, time_ms now_ms) {
    static const std::vector<std::string> currencies{"USD", "JPY", "KWD"};
    people::errand made;
    made.what = people::deed::rate;
    made.currency = random.of(currencies);
    // No two start at the same time: it does not matter in which order they are set.
    made.effective_from =
        (now_ms / day_ms - static_cast<time_ms>(random.below(6))) * day_ms - static_cast<time_ms>(number);
    made.bps = static_cast<std::int64_t>(random.below(10'001));
    made.body = toy::item_text()
                    .line("key", made.currency)
                    .line("value", made.bps)
                    .line("effective_from", made.effective_from)
                    .text();
    return made;
}

} // namespace

people::people(space in) : in_(in) {
    errands_.push_back(first_payment());
}

void people::act(dice& random, time_ms now_ms) {
    switch (random.below(5)) {
    case 0: errands_.push_back(rate(random, ++calls_, now_ms)); break;
    case 1: errands_.push_back(payment(random, ++calls_, now_ms)); break;
    case 2:
        if (errands_.front().heard)
            errands_.push_back(misfit(++calls_));
        break;
    default: errands_.push_back(click(random, in_)); break;
    }
}

std::vector<std::size_t> people::send(dice& random, std::size_t limit) {
    std::vector<std::size_t> open;
    for (std::size_t index = 0; index < errands_.size(); ++index)
        if (!errands_[index].heard)
            open.push_back(index);
    random.shuffle(open);
    open.resize(std::min(open.size(), limit));
    return open;
}

bool people::is_done() const {
    return std::all_of(errands_.begin(), errands_.end(), [](const errand& one) { return one.heard; });
}

job people::make_job(engine_world& world, space in, const errand& what) {
    if (what.what == deed::click)
        return {std::vector{what.click}, {}};
    return world.call_job(in, what.what == deed::rate ? rate_route : payment_route, what.body, what.key);
}

} // namespace tributary::test
