#pragma once

#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// What the fake knows: objects as Stripe's newest API version writes them.
namespace tributary::fake_stripe {

namespace json = boost::json;

/// A text as JSON.
inline json::string text_value(std::string_view text) {
    return json::string(text.data(), text.size());
}

/// The member at a path of names joined by dots; nullptr when absent. A number is an index into an array.
const json::value* find_at(const json::value& root, std::string_view path);
/// Text at a path, the id of an expanded object; "" when absent.
std::string text_at(const json::value& root, std::string_view path);
std::int64_t number_at(const json::value& root, std::string_view path);

/// "customers" of "customer"; "" for an object that no list has.
std::string_view collection_of_object(std::string_view object) noexcept;
/// Is there a list of that name?
bool is_collection(std::string_view name) noexcept;

/// Objects by collection, newest first. Not thread-safe.
class store {
  public:
    /// Adds an object, or replaces the one with its id.
    /// @throws std::invalid_argument for one without id or of a kind that the fake does not know.
    void put(json::object made);
    /// nullptr when there is none.
    const json::value* find(std::string_view collection, std::string_view id) const;
    /// Of any collection.
    const json::value* find(std::string_view id) const;
    bool remove(std::string_view collection, std::string_view id);
    /// Newest first; of one second the one that was put last comes first, as at Stripe.
    const std::vector<json::value>& all(std::string_view collection) const;

    /// Makes `count` objects of a collection, a minute apart, ids counting up: for clients that page.
    /// @throws std::invalid_argument for a collection that cannot be made up.
    void generate(std::string_view collection, std::size_t count, bool livemode);

  private:
    std::map<std::string, std::vector<json::value>, std::less<>> collections_;
};

} // namespace tributary::fake_stripe
