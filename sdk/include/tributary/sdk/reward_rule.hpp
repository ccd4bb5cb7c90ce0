#pragma once

#include <tributary/abi/reward_rule.h>
#include <tributary/sdk/base.hpp>

#include <optional>

namespace tributary::sdk {

/// The values of one evaluation, in the order of the rule's inputs.
class rule_values : public strided<trb_rule_value> {
  public:
    using strided::strided;

    /// By name, or nullptr; also nullptr when nobody knows it (TRB_RULE_ABSENT).
    const trb_rule_value* find(std::string_view name) const noexcept {
        for (const trb_rule_value& value : *this)
            if (view(value.name) == name)
                return value.type == TRB_RULE_ABSENT ? nullptr : &value;
        return nullptr;
    }
    std::optional<trb_money> money(std::string_view name) const noexcept {
        const trb_rule_value* const value = find(name);
        return value != nullptr && value->type == TRB_RULE_MONEY ? std::optional(value->money) : std::nullopt;
    }
    /// An integer, a boolean (0 or 1) or a time (Unix milliseconds).
    std::optional<std::int64_t> integer(std::string_view name) const noexcept {
        const trb_rule_value* const value = find(name);
        if (value == nullptr || (value->type != TRB_RULE_INTEGER && value->type != TRB_RULE_BOOLEAN &&
                                 value->type != TRB_RULE_TIME))
            return std::nullopt;
        return value->integer;
    }
    std::optional<std::string_view> text(std::string_view name) const noexcept {
        const trb_rule_value* const value = find(name);
        return value != nullptr && value->type == TRB_RULE_TEXT ? std::optional(view(value->text))
                                                                : std::nullopt;
    }
};

/// Where a rule puts its result.
class rule_sink {
  public:
    explicit rule_sink(const trb_rule_sink* sink) noexcept : sink_(sink) {}

    /// What is given; at most once.
    void amount(const trb_money& given) const { sink_->amount(sink_->ctx, given); }
    /// Why nothing is given: a snake_case word and a sentence.
    void decline(std::string_view code, std::string_view text) const {
        sink_->decline(sink_->ctx, view(code), view(text));
    }
    /// A step of the computation; kept with the result.
    void explain(std::string_view label, std::string_view value) const {
        sink_->explain(sink_->ctx, view(label), view(value));
    }

  private:
    const trb_rule_sink* sink_;
};

/// Rules. A derived class also has: static std::span<const trb_rule> rules(), static data.
class reward_rule {
  public:
    virtual ~reward_rule() = default;
    /// Pure and thread-safe; see abi/reward_rule.h.
    /// @param rule        index into rules().
    /// @param parameters  a JSON object that fits the rule's schema.
    virtual outcome evaluate(std::uint64_t rule, std::string_view parameters, rule_values values,
                             rule_sink into) const = 0;
};

template <class Plugin> struct reward_rule_table {
    static trb_status evaluate(void* self, std::uint64_t rule, trb_str parameters,
                               const trb_rule_value* values, std::uint64_t count, std::uint64_t stride,
                               const trb_rule_sink* sink, const trb_error_sink* error) noexcept {
        return guarded(error, [&]() -> outcome {
            if (rule >= Plugin::rules().size())
                return not_found("there is no rule of this number");
            return static_cast<const Plugin*>(self)->evaluate(rule, view(parameters), {values, count, stride},
                                                              rule_sink(sink));
        });
    }
    static const trb_reward_rule_v1* get() noexcept {
        static const trb_reward_rule_v1 table{sizeof(trb_reward_rule_v1), 0,
                                              Plugin::rules().data(),     Plugin::rules().size(),
                                              sizeof(trb_rule),           &evaluate};
        return &table;
    }
};

} // namespace tributary::sdk
