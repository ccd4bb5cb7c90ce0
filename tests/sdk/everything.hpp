#pragma once

#include <tributary/sdk/plugin.hpp>

#include <array>
#include <string>

/// A plugin that has every extension but routes and projections, with as little behind each as can be told
/// apart.
namespace everything {

namespace sdk = tributary::sdk;

class everything final : public sdk::plugin,
                         public sdk::provider,
                         public sdk::actions,
                         public sdk::backfill,
                         public sdk::reward_rule,
                         public sdk::message_sink {
  public:
    static constexpr std::string_view short_name = "everything";
    static constexpr std::string_view version = "0.1.0";
    static constexpr std::string_view vendor = "tests";
    static constexpr std::uint32_t normaliser_version = 1;

    static sdk::outcome create(sdk::host from, std::string_view config, std::unique_ptr<everything>& made) {
        if (config != "{}")
            return sdk::invalid("unknown_key", "there is nothing to configure");
        made = std::make_unique<everything>(from);
        return {};
    }
    explicit everything(sdk::host from) : host_(from) {}

    sdk::outcome verify(const trb_connection& connection, sdk::records with,
                        sdk::verdicts into) const override {
        if (sdk::secrets_named(connection, "signing").size() != 1)
            return sdk::rejected("no_secret", "there is no secret 'signing'");
        if (with.size() == 1) {
            into.need(sdk::request::get("https://api.example/key", "key").bearer("signing"));
            return {};
        }
        into.accept(sdk::view(with[1].body), "event");
        into.reject("odd", "the second half is odd");
        into.answer(202, "text/plain", "taken");
        return {};
    }
    sdk::outcome normalise(const trb_connection& connection, sdk::records with,
                           sdk::fact_sink into) const override {
        if (connection.secret_count != 0)
            return sdk::internal("secrets are to be absent here");
        const std::array<trb_pair, 1> metadata{{{TRB_STR("plan"), TRB_STR("pro")}}};
        trb_line line{};
        line.struct_size = sizeof line;
        line.id = TRB_STR("li_1");
        line.net_minor = 900;
        trb_payment payment{};
        payment.struct_size = sizeof payment;
        payment.present = TRB_BIT(TRB_PAYMENT_STATUS) | TRB_BIT(TRB_PAYMENT_TOTAL) |
                          TRB_BIT(TRB_PAYMENT_METADATA) | TRB_BIT(TRB_PAYMENT_LINES);
        payment.status = TRB_PAYMENT_SUCCEEDED;
        payment.total = sdk::make_money(1000, "usd", 2);
        payment.metadata = metadata.data();
        payment.metadata_count = metadata.size();
        payment.lines = &line;
        payment.line_count = 1;
        payment.line_stride = sizeof line;
        const trb_claim claim{TRB_CLAIM_EXCLUSIVE, 0, TRB_STR("user"), with[0].body};
        trb_fact fact{};
        fact.struct_size = sizeof fact;
        fact.kind = TRB_KIND_PAYMENT;
        fact.document_id = TRB_STR("pay_1");
        fact.occurred_at_ms = with[0].received_at_ms;
        fact.claims = &claim;
        fact.claim_count = 1;
        fact.body = &payment;
        into.emit(fact);
        into.note("ignored", "the rest");
        into.want(sdk::request::post("https://api.example/more", "more", "application/json", "{}"));
        return {};
    }

    sdk::outcome check(const trb_connection&, std::string_view, sdk::records answers,
                       sdk::action_sink into) const override {
        const trb_record* const answer = sdk::answer_to(answers, "account");
        if (answer == nullptr) {
            into.need(sdk::request::get("https://api.example/account", "account").bearer("api_key"));
            into.note({"asking", "not the last step: this line does not count"});
            return {};
        }
        if (answer->http_status == 0)
            return sdk::retry("unreachable", std::string(sdk::view(answer->body)), 5000);
        if (answer->http_status == 401)
            return sdk::rejected("unauthorised", "the key is not accepted");
        into.good({"account", "the key works", "acct_1"});
        into.warning({"wide", "the key may write", {}, "use a restricted key"});
        return {};
    }
    sdk::outcome register_webhook(const trb_connection&, std::string_view url, sdk::records answers,
                                  sdk::action_sink into) const override {
        if (answers.size() == 0) {
            into.need(
                sdk::request::post("https://api.example/hooks", "hook", "text/plain", std::string(url)));
            return {};
        }
        into.keep_secret("signing", "s3cret");
        into.keep_setting("hook", R"("hook_1")");
        return {};
    }
    /// Always one more, each of its own purpose: a host has to end this.
    sdk::outcome remove_webhook(const trb_connection&, std::string_view, sdk::records answers,
                                sdk::action_sink into) const override {
        into.need(sdk::request::remove("https://api.example/hooks", std::to_string(answers.size())));
        return {};
    }
    sdk::outcome fetch(const trb_connection&, std::int32_t, std::string_view document_id,
                       sdk::action_sink into) const override {
        into.need(sdk::request::get("https://api.example/pay/" + std::string(document_id), "fetch"));
        return {};
    }

    sdk::outcome begin(const trb_connection&, const trb_backfill_range&, sdk::page_sink into) const override {
        for (const char* stream : {"a", "b"})
            into.page(std::string(stream) + "1",
                      sdk::request::get("https://api.example/" + std::string(stream) + "/1", stream));
        return {};
    }
    sdk::outcome next(const trb_connection&, const trb_backfill_range& range, std::string_view cursor,
                      const trb_record& answer, sdk::page_sink into) const override {
        into.progress(cursor.substr(0, 1), range.until_ms);
        if (sdk::view(answer.body) == "more")
            into.page("a2", sdk::request::get("https://api.example/a/2", "a2"));
        return sdk::view(answer.body) == "broken" ? sdk::invalid("broken", "no page") : sdk::outcome();
    }

    static std::span<const trb_rule> rules() noexcept {
        static constexpr std::array<trb_str, 2> inputs{{TRB_STR_INIT("sale.total"), TRB_STR_INIT("days")}};
        static constexpr std::array<trb_rule, 1> rules{
            {{sizeof(trb_rule), 1, TRB_STR_INIT("half"), TRB_STR_INIT("half of it"), TRB_STR_INIT(""),
              inputs.data(), inputs.size()}}};
        return rules;
    }
    sdk::outcome evaluate(std::uint64_t, std::string_view, sdk::rule_values values,
                          sdk::rule_sink into) const override {
        const std::optional<trb_money> total = values.money("sale.total");
        if (!total) {
            into.decline("no_total", "nobody knows the total");
            return {};
        }
        trb_money given = *total;
        given.amount_minor /= values.integer("days").value_or(2);
        into.explain("divided by", "days");
        into.amount(given);
        return {};
    }

    static std::span<const trb_str> kinds() noexcept {
        static constexpr std::array<trb_str, 1> wanted{{TRB_STR_INIT("sale.created")}};
        return wanted;
    }
    sdk::outcome deliver(const trb_outgoing& message, sdk::outgoing_sink into) override {
        if (message.attempt == 1)
            throw std::runtime_error("the first attempt fails");
        into.send(sdk::request::post("https://queue.example/", "out", "application/json",
                                     std::string(sdk::view(message.body))));
        return {};
    }

  private:
    sdk::host host_;
};

} // namespace everything
