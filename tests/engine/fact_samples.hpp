#pragma once

#include <tributary/abi/fact.h>

#include <cstring>
#include <string_view>

/// Facts and bodies written as plugins write them: through the C structs.
namespace tributary::facts::test {

inline trb_str text(std::string_view from) {
    return {from.data(), from.size()};
}

inline trb_money money(std::int64_t minor, const char* currency = "USD", std::uint32_t exponent = 2) {
    trb_money made{minor, {0, 0, 0, 0}, exponent};
    std::memcpy(made.currency, currency, 3);
    return made;
}

template <class Body> Body body(std::uint64_t present = 0) {
    Body made{};
    made.struct_size = sizeof made;
    made.present = present;
    return made;
}

/// A fact with nothing but its kind, its id and its body.
inline trb_fact fact(std::int32_t kind, std::string_view id, const void* body = nullptr) {
    trb_fact made{};
    made.struct_size = sizeof made;
    made.kind = kind;
    made.document_id = text(id);
    made.body = body;
    return made;
}

inline const trb_pair pairs[] = {{text("colour"), text("red")}, {text("size"), text("\"L\" \\ \n\xc3\xa9")}};
inline const trb_line lines[] = {
    {sizeof(trb_line), 1, text("li_1"), text("prod_1"), text("price_1"), text("Seats"), 3, 900, 171, 100, 11,
     12},
    {sizeof(trb_line), 0, text("li_2"), text("prod_2"), text(""), text(""), -1, -50, 0, 0, 0, 0}};
inline const trb_subscription_item items[] = {{sizeof(trb_subscription_item),
                                               1,
                                               text("si_1"),
                                               text("prod_1"),
                                               text("price_1"),
                                               5,
                                               money(1999, "JPY", 0),
                                               text("month"),
                                               3,
                                               {},
                                               {},
                                               0,
                                               0,
                                               0,
                                               0}};
/// With all that came into the struct later, and one without any price.
inline const trb_subscription_item priced_items[] = {
    {sizeof(trb_subscription_item),
     0,
     text("si_2"),
     text("prod_2"),
     text("price_2"),
     7,
     money(5, "USD", 14),
     text("year"),
     1,
     money(35, "USD", 14),
     {},
     41,
     42,
     43,
     1},
    {sizeof(trb_subscription_item), 1, text("si_3"), {}, {}, 1, {}, {}, 0, {}, text("tiered"), 0, 0, 0, 0}};
inline const trb_discount discounts[] = {
    {sizeof(trb_discount), 1, text("di_1"), text("SAVE20"), text("promo_1"), 400},
    {sizeof(trb_discount), 0, text("di_2"), {}, {}, 0}};

inline constexpr std::string_view pairs_json = R"([["colour","red"],["size","\"L\" \\ \u000a)"
                                               "\xc3\xa9"
                                               R"("]])";
inline constexpr std::string_view lines_json =
    R"([["li_1","prod_1","price_1","Seats",3,900,171,100,11,12,1],["li_2","prod_2","","",-1,-50,0,0,0,0,0]])";
inline constexpr std::string_view items_json =
    R"([["si_1","prod_1","price_1","month",5,3,1,[1999,"JPY",0]]])";
inline constexpr std::string_view priced_items_json =
    R"([["si_2","prod_2","price_2","year",7,1,0,[5,"USD",14],[35,"USD",14],"",41,42,43,1],)"
    R"(["si_3","","","",1,0,1,[],[],"tiered",0,0,0,0]])";
inline constexpr std::string_view discounts_json =
    R"([["di_1","SAVE20","promo_1",1,400],["di_2","","",0,0]])";

} // namespace tributary::facts::test
