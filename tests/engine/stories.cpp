#include "engine/stories.hpp"

#include <plugins/toy/toy_message.hpp>

namespace tributary::test {

namespace {

using toy::item_text;

step told(const item_text& item) {
    return {item.text(), std::nullopt};
}
step clicked(std::string_view id, std::string_view link, time_ms at) {
    return {{},
            clicks::click{
                {}, std::string(id), at, std::string(link), R"({"link_id":")" + std::string(link) + R"("})"}};
}

item_text document(std::string_view kind, std::string_view event, std::string_view id, time_ms at) {
    return item_text(kind, event, id).line("time", at);
}
item_text subscription(std::string_view event, std::string_view id, time_ms at, std::string_view status,
                       time_ms end) {
    return document("subscription", event, id, at).line("status", status).line("period_end", end);
}

constexpr time_ms t0 = start_ms - 10 * day_ms;

story refund_before_payment() {
    return {"refunds before their payment",
            {told(toy::refund("rp1", "rp_r1", "rp_p", t0 + 5, 100)),
             told(toy::refund("rp2", "rp_r2", "rp_p", t0 + 9, 50).line("user", "rp_u")),
             told(toy::payment("rp3", "rp_p", t0, 500).line("customer", "rp_c")),
             told(document("dispute", "rp4", "rp_d", t0 + 7)
                      .line("parents", "rp_p")
                      .line("status", "open")
                      .money("amount", 10))}};
}

story three_documents_of_one_payment() {
    return {"three documents of one payment",
            {told(document("payment", "td1", "td_ch", t0 + 3)
                      .list("same_as", {"td_pi"})
                      .line("source_rank", 1)
                      .line("status", "succeeded")
                      .money("amount", 999)
                      .money("fee", 30)),
             told(document("payment", "td2", "td_cs", t0 + 4)
                      .list("same_as", {"td_in", "td_pi"})
                      .line("source_rank", 2)
                      .line("customer", "td_c")
                      .line("country", "DE")),
             told(document("payment", "td3", "td_in", t0 + 1)
                      .line("source_rank", 3)
                      .line("status", "pending")
                      .money("total", 1000)),
             told(document("payment", "td4", "td_in", t0 + 6)
                      .line("source_rank", 3)
                      .line("status", "succeeded")
                      .money("amount", 1000)
                      .line("occurred", t0 + 1)),
             told(toy::refund("td5", "td_r", "td_ch", t0 + 8, 200))}};
}

story late_login() {
    return {"a late login",
            {told(toy::payment("ll1", "ll_p1", t0, 500).line("customer", "ll_c1")),
             told(toy::payment("ll2", "ll_p2", t0 + 1, 700).line("customer", "ll_c2")),
             told(toy::identity("ll3", "ll_c1", "ll_u", t0 + day_ms)),
             told(toy::identity("ll4", "ll_c2", "ll_u", t0 + 2 * day_ms)),
             told(document("lead", "ll5", "ll_l", t0 + 3).line("customer", "ll_c2"))}};
}

story conflict_of_users() {
    return {"two users of one customer",
            {told(toy::payment("cu1", "cu_p1", t0, 500).line("customer", "cu_c").line("user", "cu_u1")),
             told(toy::payment("cu2", "cu_p2", t0 + 1, 600).line("customer", "cu_c").line("user", "cu_u2")),
             told(toy::payment("cu3", "cu_p3", t0 + 2, 700).line("customer", "cu_c")),
             told(document("customer", "cu4", "cu_d", t0 + 9).line("customer", "cu_c").line("user", "cu_u3")),
             told(toy::refund("cu5", "cu_r", "cu_p2", t0 + 3, 100).line("customer", "cu_c"))}};
}

story torn_payment() {
    return {"documents of one payment that name different users",
            {told(toy::payment("tp1", "tp_ch", t0, 500).list("same_as", {"tp_pi"}).line("user", "tp_u1")),
             told(toy::payment("tp2", "tp_cs", t0 + 1, 500)
                      .list("same_as", {"tp_pi"})
                      .line("user", "tp_u2")
                      .line("source_rank", 2)),
             told(toy::refund("tp3", "tp_r", "tp_ch", t0 + 2, 100).line("user", "tp_u2")),
             told(toy::refund("tp4", "tp_r2", "tp_cs", t0 + 3, 50))}};
}

story clicks_and_sale() {
    return {"clicks after the sale that names them",
            {clicked("cs_k1", "cs_l1", t0 - 5), clicked("cs_k2", "cs_l2", t0 - 9),
             told(toy::payment("cs1", "cs_p", t0, 500).line("customer", "cs_c").line("click", "cs_k1")),
             told(toy::identity("cs2", "cs_c", "cs_u", t0 + 1).line("click", "cs_k2")),
             told(toy::identity("cs3", "cs_other", "cs_u2", t0 + 1).line("click", "cs_k2"))}};
}

story versions_of_a_subscription() {
    return {
        "versions of a subscription",
        {told(subscription("vs1", "vs_s", t0, "trialing", t0 + day_ms).line("customer", "vs_c")),
         told(subscription("vs2", "vs_s", t0 + 1, "active", t0 + 2 * day_ms)),
         told(subscription("vs3", "vs_s", t0 + 1, "past_due", t0 + 3 * day_ms).line("rank", 2)),
         told(subscription("vs4", "vs_s", t0 + 1, "unpaid", t0 + 4 * day_ms).line("rank", 10)),
         told(subscription("vs5", "vs_s", t0 + day_ms, "canceled", start_ms + day_ms).line("occurred", t0))}};
}

story ties() {
    return {"ties of equal versions",
            {told(toy::payment("ti1", "ti_p", t0, 500).line("customer", "ti_c")),
             told(toy::payment("ti2", "ti_p", t0, 600).line("customer", "ti_c")),
             told(toy::payment("ti3", "ti_p", t0, 700)),
             told(subscription("ti4", "ti_s", t0, "active", start_ms + 1).line("customer", "ti_c")),
             told(subscription("ti5", "ti_s", t0, "canceled", start_ms + 2).line("customer", "ti_c"))}};
}

story same_key_other_bytes() {
    return {"one event told in several versions",
            {told(toy::payment("sk", "sk_p", t0, 500)), told(toy::payment("sk", "sk_p", t0 + 1, 600)),
             told(toy::payment("sk", "sk_p", t0 + 2, 700)),
             told(toy::refund("sk", "sk_r", "sk_p", t0 + 2, 70))}};
}

story chain_of_customers() {
    return {"a chain of customers that grows together",
            {told(toy::payment("cc1", "cc_p1", t0, 100).line("customer", "cc_z")),
             told(toy::payment("cc2", "cc_p2", t0, 200).line("customer", "cc_y")),
             told(document("lead", "cc3", "cc_l", t0)
                      .list("parents", {"cc_p1", "cc_p2"})
                      .line("customer", "cc_x")),
             told(toy::payment("cc4", "cc_a", t0 + 1, 300).line("customer", "cc_x")),
             told(toy::identity("cc5", "cc_y", "cc_u", t0 + 2)),
             told(toy::identity("cc6", "cc_w", "cc_u", t0 + 3)),
             told(toy::refund("cc7", "cc_r", "cc_a", t0 + 4, 300))}};
}

story several_items_of_a_delivery() {
    step both = told(toy::payment("si1", "si_p", t0, 500).line("customer", "si_c"));
    both.body += "--\n" + toy::refund("si2", "si_r", "si_p", t0 + 1, 20).text();
    step overlapping = told(toy::refund("si2", "si_r", "si_p", t0 + 1, 20));
    overlapping.body += "--\n" + toy::identity("si3", "si_c", "si_u", t0 + 2).text();
    return {"several items in a delivery",
            {both, overlapping, told(toy::identity("si3", "si_c", "si_u", t0 + 2))}};
}

} // namespace

std::vector<story> stories() {
    return {refund_before_payment(),
            three_documents_of_one_payment(),
            late_login(),
            conflict_of_users(),
            torn_payment(),
            clicks_and_sale(),
            versions_of_a_subscription(),
            ties(),
            same_key_other_bytes(),
            chain_of_customers(),
            several_items_of_a_delivery()};
}

} // namespace tributary::test
