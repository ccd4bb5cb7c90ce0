#include "harness.hpp"

#include <tributary/facts/fact.hpp>
#include <tributary/testing/facts.hpp>

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>

namespace tributary::stripe::testing {
namespace {

using sdk::view;

std::string copy(trb_str text) {
    return std::string(view(text));
}

std::string show(const trb_money& money) {
    return std::to_string(money.amount_minor) + " " + std::string(sdk::currency_of(money)) + "/" +
           std::to_string(money.exponent);
}
std::string show(std::int64_t number) {
    return std::to_string(number);
}
std::string show(trb_str text) {
    return copy(text);
}

/// Copies the stated members of a body by name.
template <class Body> class member_copier {
  public:
    member_copier(const Body& body, captured_fact& into) : body_(body), into_(into) {}
    template <class T> member_copier& operator()(unsigned bit, const char* name, T Body::*member) {
        if (sdk::states(body_, bit))
            into_.members[name] = show(body_.*member);
        return *this;
    }

  private:
    const Body& body_;
    captured_fact& into_;
};

void copy_metadata(const trb_pair* pairs, std::uint64_t count, captured_fact& into) {
    for (std::uint64_t index = 0; index < count; ++index)
        into.metadata[copy(pairs[index].name)] = copy(pairs[index].value);
}

void copy_payment(const trb_payment& payment, captured_fact& into) {
    member_copier(payment, into)(TRB_PAYMENT_STATUS, "status", &trb_payment::status)(
        TRB_PAYMENT_PAID_AT, "paid_at", &trb_payment::paid_at_ms)(
        TRB_PAYMENT_CASH, "cash", &trb_payment::cash)(TRB_PAYMENT_TOTAL, "total", &trb_payment::total)(
        TRB_PAYMENT_TOTAL_WITHOUT_TAX, "without_tax", &trb_payment::total_without_tax)(
        TRB_PAYMENT_TAX, "tax", &trb_payment::tax)(TRB_PAYMENT_DISCOUNT, "discount", &trb_payment::discount)(
        TRB_PAYMENT_CREDIT_SPENT, "credit", &trb_payment::credit_spent)(
        TRB_PAYMENT_FEE, "fee", &trb_payment::fee)(TRB_PAYMENT_REFUNDED_TOTAL, "refunded",
                                                   &trb_payment::refunded_total)(
        TRB_PAYMENT_REFUNDED_TOTAL_AT, "refunded_at", &trb_payment::refunded_total_at_ms)(
        TRB_PAYMENT_PRESENTMENT, "presentment", &trb_payment::presentment)(
        TRB_PAYMENT_CYCLE, "cycle", &trb_payment::cycle)(TRB_PAYMENT_SUBSCRIPTION_ID, "subscription",
                                                         &trb_payment::subscription_id)(
        TRB_PAYMENT_LINES_COMPLETE, "lines_complete",
        &trb_payment::lines_complete)(TRB_PAYMENT_COUNTRY, "country",
                                      &trb_payment::country)(TRB_PAYMENT_EMAIL, "email", &trb_payment::email)(
        TRB_PAYMENT_INVOICE_ID, "invoice", &trb_payment::invoice_id)(TRB_PAYMENT_PROCESSOR, "processor",
                                                                     &trb_payment::processor)(
        TRB_PAYMENT_EVENT_NAME, "event_name",
        &trb_payment::event_name)(TRB_PAYMENT_OUT_OF_BAND, "out_of_band", &trb_payment::out_of_band);
    if (sdk::states(payment, TRB_PAYMENT_METADATA))
        copy_metadata(payment.metadata, payment.metadata_count, into);
    if (!sdk::states(payment, TRB_PAYMENT_LINES))
        return;
    for (const trb_line& line : sdk::strided(payment.lines, payment.line_count, payment.line_stride))
        into.lines.push_back({copy(line.id), copy(line.product_id), copy(line.price_id), line.quantity,
                              line.net_minor, line.tax_minor, line.discount_minor, line.proration != 0});
}

void copy_subscription(const trb_subscription& body, captured_fact& into) {
    member_copier(body, into)(TRB_SUBSCRIPTION_STATUS, "status", &trb_subscription::status)(
        TRB_SUBSCRIPTION_PERIOD_START, "period_start", &trb_subscription::period_start_ms)(
        TRB_SUBSCRIPTION_PERIOD_END, "period_end", &trb_subscription::period_end_ms)(
        TRB_SUBSCRIPTION_TRIAL_START, "trial_start", &trb_subscription::trial_start_ms)(
        TRB_SUBSCRIPTION_TRIAL_END, "trial_end", &trb_subscription::trial_end_ms)(
        TRB_SUBSCRIPTION_CANCEL_AT, "cancel_at", &trb_subscription::cancel_at_ms)(
        TRB_SUBSCRIPTION_CANCELED_AT, "canceled_at", &trb_subscription::canceled_at_ms)(
        TRB_SUBSCRIPTION_ENDED_AT, "ended_at", &trb_subscription::ended_at_ms)(
        TRB_SUBSCRIPTION_COLLECTION_PAUSED, "paused", &trb_subscription::collection_paused);
    copy_metadata(body.metadata, body.metadata_count, into);
    for (const trb_subscription_item& item : sdk::strided(body.items, body.item_count, body.item_stride))
        into.items.push_back({copy(item.product_id), copy(item.price_id), item.quantity,
                              show(item.unit_amount), copy(item.interval), item.metered != 0});
}

void copy_body(const trb_fact& fact, captured_fact& into) {
    if (fact.kind == TRB_KIND_PAYMENT) {
        copy_payment(sdk::body_as<trb_payment>(fact.body), into);
    } else if (fact.kind == TRB_KIND_SUBSCRIPTION) {
        copy_subscription(sdk::body_as<trb_subscription>(fact.body), into);
    } else if (fact.kind == TRB_KIND_CUSTOMER) {
        const auto& body = sdk::body_as<trb_customer>(fact.body);
        member_copier(body, into)(TRB_CUSTOMER_EMAIL, "email",
                                  &trb_customer::email)(TRB_CUSTOMER_NAME, "name", &trb_customer::name)(
            TRB_CUSTOMER_COUNTRY, "country", &trb_customer::country)(TRB_CUSTOMER_CREATED_AT, "created_at",
                                                                     &trb_customer::created_at_ms)(
            TRB_CUSTOMER_DELETED, "deleted", &trb_customer::deleted);
        copy_metadata(body.metadata, body.metadata_count, into);
    } else if (fact.kind == TRB_KIND_PRODUCT) {
        member_copier(sdk::body_as<trb_product>(fact.body), into)(
            TRB_PRODUCT_NAME, "name", &trb_product::name)(TRB_PRODUCT_ACTIVE, "active", &trb_product::active);
    } else if (fact.kind == TRB_KIND_CHECKOUT) {
        const auto& body = sdk::body_as<trb_checkout>(fact.body);
        member_copier(body, into)(TRB_CHECKOUT_STATUS, "status",
                                  &trb_checkout::status)(TRB_CHECKOUT_MODE, "mode", &trb_checkout::mode)(
            TRB_CHECKOUT_EMAIL, "email", &trb_checkout::email)(TRB_CHECKOUT_COUNTRY, "country",
                                                               &trb_checkout::country);
        copy_metadata(body.metadata, body.metadata_count, into);
    } else if (fact.kind == TRB_KIND_REFUND) {
        member_copier(sdk::body_as<trb_refund>(fact.body),
                      into)(TRB_REFUND_STATUS, "status", &trb_refund::status)(TRB_REFUND_AMOUNT, "amount",
                                                                              &trb_refund::amount)(
            TRB_REFUND_REASON, "reason", &trb_refund::reason)(TRB_REFUND_CREATED_AT, "created_at",
                                                              &trb_refund::created_at_ms);
    } else if (fact.kind == TRB_KIND_DISPUTE) {
        member_copier(sdk::body_as<trb_dispute>(fact.body), into)(TRB_DISPUTE_STATUS, "status",
                                                                  &trb_dispute::status)(
            TRB_DISPUTE_AMOUNT, "amount", &trb_dispute::amount)(TRB_DISPUTE_REASON, "reason",
                                                                &trb_dispute::reason);
    }
}

trb_status emit(void* ctx, const trb_fact* fact) noexcept {
    // What the host checks of every fact, by the host's own function: else its record would be refused there.
    if (const auto taken = facts::encode_fact(*fact, "stripe:acct_own"); !taken) {
        BOOST_TEST_MESSAGE("the host refuses " << copy(fact->document_id) << ": " << taken.error().text());
        return TRB_INVALID;
    }
    captured_fact made;
    made.kind = fact->kind;
    made.document = copy(fact->document_id);
    made.realm = copy(fact->realm);
    made.source_time_ms = fact->source_time_ms;
    made.lifecycle_rank = fact->lifecycle_rank;
    made.source_rank = fact->source_rank;
    made.occurred_at_ms = fact->occurred_at_ms;
    for (std::uint64_t index = 0; index < fact->same_as_count; ++index)
        made.same_as.push_back(copy(fact->same_as[index]));
    for (std::uint64_t index = 0; index < fact->parent_count; ++index)
        made.parents.push_back(copy(fact->parents[index]));
    for (std::uint64_t index = 0; index < fact->claim_count; ++index) {
        const trb_claim& claim = fact->claims[index];
        made.claims[copy(claim.name) + (claim.claim_class == TRB_CLAIM_HINT ? "?" : "")] = copy(claim.value);
    }
    copy_body(*fact, made);
    made.all = tributary::testing::detail::copy_of(*fact).members;
    static_cast<normalised*>(ctx)->facts.push_back(std::move(made));
    return TRB_OK;
}

void want(void* ctx, const trb_http_request* request) noexcept {
    captured_want made{copy(request->url), copy(request->purpose), {}};
    for (std::uint32_t index = 0; index < request->header_count; ++index)
        made.headers[copy(request->headers[index].name)] = copy(request->headers[index].value);
    static_cast<normalised*>(ctx)->wants.push_back(std::move(made));
}

void note(void* ctx, trb_str code, trb_str text) noexcept {
    auto& into = *static_cast<normalised*>(ctx);
    if (view(code) == TRB_NOTE_DRIFT) {
        into.drifts.push_back(copy(text));
        return;
    }
    into.notes.push_back(copy(code));
    into.note_texts.push_back(copy(text));
}

void put_item(void* ctx, const trb_item* item) noexcept {
    auto& into = *static_cast<verified*>(ctx);
    into.verdict = item->verdict;
    into.key = copy(item->dedupe_key);
    into.type = copy(item->event_type);
    into.reason = copy(item->reason);
    into.detail = copy(item->detail);
}

/// Owns what a trb_record points to.
struct record_holder {
    explicit record_holder(const input& given) {
        for (const auto& [name, value] : given.headers)
            headers.push_back({view(name), view(value)});
        record.struct_size = sizeof record;
        record.source = given.purpose.empty() ? TRB_RECORD_DELIVERY : TRB_RECORD_ANSWER;
        record.received_at_ms = given.received_at_ms;
        record.headers = headers.data();
        record.header_count = headers.size();
        record.body = view(given.body);
        record.http_status = given.http_status;
        record.purpose = view(given.purpose);
        record.authentic = given.authentic ? 1 : 0;
    }
    std::vector<trb_pair> headers;
    trb_record record{};
};

trb_connection make_connection(const std::string& settings, const std::vector<trb_secret>& secrets,
                               std::int32_t environment) {
    trb_connection made{};
    made.struct_size = sizeof made;
    made.environment = environment;
    made.id = view("conn_1");
    made.realm = view("stripe:acct_own");
    made.settings = view(settings);
    made.secrets = secrets.data();
    made.secret_count = secrets.size();
    return made;
}

const trb_provider_v1& provider_of() {
    return sdk::provider_table<stripe_plugin>::table;
}

void put_delivery(void* ctx, const trb_told_delivery* told) noexcept {
    told_delivery made{copy(told->name), told->at_ms, {}, copy(told->body)};
    for (std::uint32_t index = 0; index < told->header_count; ++index)
        if (view(told->headers[index].name) == "Stripe-Signature")
            made.signature = copy(told->headers[index].value);
    static_cast<told_story*>(ctx)->deliveries.push_back(std::move(made));
}

void put_expectation(void* ctx, trb_str name, std::int64_t value) noexcept {
    static_cast<told_story*>(ctx)->expected[copy(name)] = value;
}

} // namespace

std::string captured_fact::member(const std::string& name) const {
    const auto found = members.find(name);
    return found == members.end() ? "(unstated)" : found->second;
}

std::vector<std::string> captured_fact::ids() const {
    std::vector<std::string> known = same_as;
    known.push_back(document);
    return known;
}

const captured_fact& normalised::only(std::int32_t kind) const {
    const captured_fact* found = nullptr;
    for (const captured_fact& fact : facts) {
        if (fact.kind != kind)
            continue;
        BOOST_REQUIRE_MESSAGE(found == nullptr, "there are several facts of kind " << kind);
        found = &fact;
    }
    BOOST_REQUIRE_MESSAGE(found != nullptr, "there is no fact of kind " << kind << " (" << code << ")");
    return *found;
}

const captured_fact* normalised::document(std::string_view id) const {
    for (const captured_fact& fact : facts)
        if (fact.document == id)
            return &fact;
    return nullptr;
}

plugin_under_test::plugin_under_test() {
    BOOST_REQUIRE(stripe_plugin::create(sdk::host(host_.get()), "{}", plugin_));
    BOOST_REQUIRE(plugin_->start());
}

verified plugin_under_test::verify(const input& delivery, const std::vector<std::string>& secrets,
                                   const std::string& settings, std::int32_t environment) const {
    verified result;
    std::vector<trb_secret> given{{view("api_key"), view("sk_test_not_for_signing")}};
    for (const std::string& secret : secrets)
        given.push_back({view("signing"), view(secret)});
    const trb_connection connection = make_connection(settings, given, environment);
    const record_holder holder(delivery);
    const trb_verify_sink sink{sizeof(trb_verify_sink), 0, &result, &put_item, nullptr, nullptr};
    sdk::error_collector error;
    result.status = provider_of().verify(plugin_.get(), &connection, &holder.record, 1, sizeof(trb_record),
                                         &sink, error.sink());
    result.code = error.finish(result.status).code();
    return result;
}

normalised plugin_under_test::normalise(const std::vector<input>& given, const std::string& settings) const {
    normalised result;
    std::vector<record_holder> holders(given.begin(), given.end());
    std::vector<trb_record> records;
    for (const record_holder& holder : holders)
        records.push_back(holder.record);
    const trb_connection connection = make_connection(settings, {}, TRB_SANDBOX);
    const trb_fact_sink sink{sizeof(trb_fact_sink), 0, &result, &emit, &want, &note};
    sdk::error_collector error;
    result.status = provider_of().normalise(plugin_.get(), &connection, records.data(), records.size(),
                                            sizeof(trb_record), &sink, error.sink());
    result.code = error.finish(result.status).code();
    return result;
}

tributary::testing::normalised plugin_under_test::read(const std::string& body) const {
    return tributary::testing::normalise(provider_of(), plugin_.get(), {.realm = "stripe:acct_own"},
                                         {{.body = body}});
}

normalised plugin_under_test::reread(const std::string& document_id) const {
    normalised result;
    const trb_connection connection = make_connection("{}", {}, TRB_SANDBOX);
    const trb_fact_sink sink{sizeof(trb_fact_sink), 0, &result, &emit, &want, &note};
    result.status =
        provider_of().reread(plugin_.get(), &connection, TRB_KIND_PAYMENT, view(document_id), &sink, nullptr);
    return result;
}

told_story plugin_under_test::tell(const std::string& story,
                                   const std::map<std::string, std::string>& parameters,
                                   const std::string& api_version, std::uint64_t seed,
                                   const std::string& definition) const {
    told_story result;
    std::vector<trb_pair> pairs;
    for (const auto& [name, value] : parameters)
        pairs.push_back({view(name), view(value)});
    trb_story_request request{};
    request.struct_size = sizeof request;
    request.environment = TRB_SANDBOX;
    request.story = view(story);
    request.signing_secret = view("whsec_simulated");
    request.api_version = view(api_version);
    request.seed = seed;
    request.at_ms = 1'790'000'000'000;
    request.parameters = pairs.data();
    request.parameter_count = pairs.size();
    request.definition = view(definition);
    const trb_story_sink sink{sizeof(trb_story_sink), 0, &result, &put_delivery, &put_expectation};
    sdk::error_collector error;
    result.status =
        sdk::simulator_table<stripe_plugin>::get()->tell(plugin_.get(), &request, &sink, error.sink());
    result.code = error.finish(result.status).code();
    result.message = error.finish(result.status).message();
    return result;
}

std::string event(std::string_view type, std::string_view object, std::int64_t created_s,
                  std::string_view more) {
    return R"({"id": "evt_1", "object": "event", "type": ")" + std::string(type) + R"(", "created": )" +
           std::to_string(created_s) + R"(, "livemode": false, )" + std::string(more) +
           R"("data": {"object": )" + std::string(object) + "}}";
}

std::optional<std::filesystem::path> shared_fixtures() {
    const std::filesystem::path folder =
        std::filesystem::path(TRIBUTARY_SOURCE_DIR) / ".." / "shared" / "fixtures" / "stripe";
    if (!std::filesystem::exists(folder))
        return std::nullopt;
    return folder;
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    BOOST_REQUIRE_MESSAGE(file, "cannot read " << path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string testdata(const std::string& name) {
    return read_file(std::filesystem::path(TRIBUTARY_SOURCE_DIR) / "plugins" / "stripe" / "testdata" / name);
}

} // namespace tributary::stripe::testing
