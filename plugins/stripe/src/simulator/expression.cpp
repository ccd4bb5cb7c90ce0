#include "simulator/expression.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

namespace tributary::stripe::simulated {
namespace {

constexpr std::size_t text_max = 400; // Far more than a sum of a story needs.
constexpr int depth_max = 32;         // Of parentheses and signs: the parser calls itself.

bool is_digit(char letter) noexcept {
    return letter >= '0' && letter <= '9';
}
bool is_name_letter(char letter) noexcept {
    return (letter >= 'a' && letter <= 'z') || letter == '_' || is_digit(letter);
}

/// Recursive descent: sum, product, factor. After the first fault everything returns 0.
class parser {
  public:
    parser(std::string_view text, const name_values& names) : text_(text), names_(names) {}

    evaluated run() {
        if (text_.size() > text_max) {
            fail("an expression has at most " + std::to_string(text_max) + " characters", text_max);
            return std::move(result_);
        }
        const std::int64_t value = sum(0);
        skip_blanks();
        if (at_ < text_.size())
            fail("'" + std::string(1, text_[at_]) + "' is not expected here", at_);
        result_.value = result_.fault.empty() ? value : 0;
        return std::move(result_);
    }

  private:
    void fail(std::string what, std::size_t at) {
        if (result_.fault.empty())
            result_ = {0, std::move(what), at + 1};
        at_ = text_.size();
    }
    void skip_blanks() {
        while (at_ < text_.size() && text_[at_] == ' ')
            ++at_;
    }
    char next() {
        skip_blanks();
        return at_ < text_.size() ? text_[at_] : '\0';
    }

    std::int64_t sum(int depth);
    std::int64_t product(int depth);
    std::int64_t factor(int depth);
    std::int64_t number();
    std::int64_t name();
    std::int64_t combine(char operation, std::int64_t left, std::int64_t right, std::size_t at);

    std::string_view text_;
    const name_values& names_;
    std::size_t at_ = 0;
    evaluated result_;
};

std::int64_t parser::combine(char operation, std::int64_t left, std::int64_t right, std::size_t at) {
    std::int64_t made = 0;
    bool overflows = false;
    if (operation == '+') {
        overflows = __builtin_add_overflow(left, right, &made);
    } else if (operation == '-') {
        overflows = __builtin_sub_overflow(left, right, &made);
    } else if (operation == '*') {
        overflows = __builtin_mul_overflow(left, right, &made);
    } else if (right == 0) {
        fail("division by zero", at);
    } else if (left == std::numeric_limits<std::int64_t>::min() && right == -1) {
        overflows = true;
    } else {
        made = left / right;
    }
    if (overflows)
        fail("the value does not fit into 64 bits", at);
    return result_.fault.empty() ? made : 0;
}

std::int64_t parser::sum(int depth) {
    std::int64_t left = product(depth);
    for (char operation = next(); operation == '+' || operation == '-'; operation = next()) {
        const std::size_t at = at_++;
        left = combine(operation, left, product(depth), at);
    }
    return left;
}

std::int64_t parser::product(int depth) {
    std::int64_t left = factor(depth);
    for (char operation = next(); operation == '*' || operation == '/'; operation = next()) {
        const std::size_t at = at_++;
        left = combine(operation, left, factor(depth), at);
    }
    return left;
}

std::int64_t parser::factor(int depth) {
    const char first = next();
    if (depth > depth_max) {
        fail("the expression is nested too deeply", at_);
        return 0;
    }
    if (is_digit(first))
        return number();
    if (is_name_letter(first))
        return name();
    const std::size_t at = at_;
    if (first == '-') {
        ++at_;
        return combine('-', 0, factor(depth + 1), at);
    }
    if (first != '(') {
        fail(first == '\0' ? "a number, a name or '(' is missing"
                           : "'" + std::string(1, first) + "' is not expected here",
             at);
        return 0;
    }
    ++at_;
    const std::int64_t value = sum(depth + 1);
    if (next() != ')')
        fail("the '(' is never closed", at);
    else
        ++at_;
    return value;
}

std::int64_t parser::number() {
    const std::size_t begin = at_;
    std::int64_t value = 0;
    for (; at_ < text_.size() && is_digit(text_[at_]); ++at_)
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, text_[at_] - '0', &value)) {
            fail("the number does not fit into 64 bits", begin);
            return 0;
        }
    return value;
}

std::int64_t parser::name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_name_letter(text_[at_]))
        ++at_;
    const std::string_view given = text_.substr(begin, at_ - begin);
    const auto found = names_.find(given);
    if (found != names_.end())
        return found->second;
    std::vector<std::string_view> known;
    for (const auto& [one, value] : names_)
        known.push_back(one);
    fail("there is no name " + with_nearest(given, known), begin);
    return 0;
}

/// Levenshtein's distance, one row at a time.
std::size_t distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 0; j < right.size(); ++j) {
            const std::size_t replaced = diagonal + (left[i] == right[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, replaced});
        }
    }
    return row.back();
}

} // namespace

evaluated evaluate(std::string_view text, const name_values& names) {
    return parser(text, names).run();
}

std::optional<std::string_view> nearest(std::string_view given,
                                        std::span<const std::string_view> candidates) {
    constexpr std::size_t given_max = 64; // The distance costs the product of both lengths.
    given = given.substr(0, given_max);
    std::optional<std::string_view> best;
    std::size_t least = std::max<std::size_t>(2, given.size() / 3) + 1;
    for (const std::string_view candidate : candidates)
        if (const std::size_t found = distance(given, candidate); found < least) {
            least = found;
            best = candidate;
        }
    return best;
}

std::string with_nearest(std::string_view given, std::span<const std::string_view> candidates) {
    std::string said = "'" + std::string(given.substr(0, 64)) + "'";
    if (const auto meant = nearest(given, candidates))
        said += "; did you mean '" + std::string(*meant) + "'?";
    return said;
}

} // namespace tributary::stripe::simulated
