#include <tributary/money/currency.hpp>

namespace tributary::money {
namespace {

// Retired codes stand with the active ones: an old record still says them (BYR EEK HRK LTL LVL MRO STD VEF).
// Codes in blocks of three letters, each list ended by the string's end.
constexpr std::string_view without_minor_units = "BIFBYRCLPDJFGNFISKJPYKMFKRWPYGRWFUGXUYIVNDVUVXAFXOFXPF";
constexpr std::string_view three_digits = "BHDIQDJODKWDLYDOMRTND";
constexpr std::string_view four_digits = "CLFUYW";
constexpr std::string_view two_digits =
    "AEDAFNALLAMDANGAOAARSAUDAWGAZNBAMBBDBDTBGNBMDBNDBOBBRLBSDBTNBWPBYNBZDCADCDFCHFCNYCOPCRCCUPCVECZK"
    "DKKDOPDZDEEKEGPERNETBEURFJDFKPGBPGELGHSGIPGMDGTQGYDHKDHNLHRKHTGHUFIDRILSINRIRRJMDKESKGSKHRKPWKYDKZTLAK"
    "LBPLKRLRDLSLLTLLVLMADMDLMGAMKDMMKMNTMOPMROMRUMURMVRMWKMXNMYRMZNNADNGNNIONOKNPRNZDPABPENPGKPHPPKRPLNQARRO"
    "N"
    "RSDRUBSARSBDSCRSDGSEKSGDSHPSLESLLSOSSRDSSPSTDSTNSVCSYPSZLTHBTJSTMTTOPTRYTTDTWDTZSUAHUSDUYUUZSVEDVEFVESWS"
    "T"
    "XCDXCGYERZARZMWZWGZWL";

bool contains(std::string_view blocks, std::string_view code) noexcept {
    for (std::size_t at = 0; at + 3 <= blocks.size(); at += 3)
        if (blocks.substr(at, 3) == code)
            return true;
    return false;
}

} // namespace

std::optional<std::uint32_t> currency_exponent(std::string_view code) noexcept {
    if (code.size() != 3)
        return std::nullopt;
    if (contains(two_digits, code))
        return 2;
    if (contains(without_minor_units, code))
        return 0;
    if (contains(three_digits, code))
        return 3;
    if (contains(four_digits, code))
        return 4;
    return std::nullopt;
}

} // namespace tributary::money
