#include "simulator/version.hpp"

namespace tributary::stripe::simulated {
namespace {

constexpr std::string_view newest_version = "2026-10-28.endive";
constexpr std::string_view oldest_version = "2020-08-27";

} // namespace

sdk::outcome api_version::parse(std::string_view version, api_version& into) {
    if (version.empty())
        version = newest_version;
    constexpr std::string_view shape = "0000-00-00";
    bool dated = version.size() >= shape.size() && version.size() <= 64;
    for (std::size_t index = 0; dated && index < shape.size(); ++index)
        dated = shape[index] == '-' ? version[index] == '-' : version[index] >= '0' && version[index] <= '9';
    if (!dated || (version.size() > shape.size() && version[shape.size()] != '.') || version < oldest_version)
        return sdk::invalid("bad_api_version",
                            "an API version is a date from " + std::string(oldest_version) +
                                " on, such as 2022-11-15 or " + std::string(newest_version));
    into.name_ = version;
    return {};
}

} // namespace tributary::stripe::simulated
