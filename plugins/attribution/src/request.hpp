#pragma once

#include <tributary/sdk/plugin.hpp>

#include <boost/json/fwd.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Reading requests and refusing them in the shape that Dub's clients know.
namespace tributary::attribution {

/// A refusal: status, one of the wire's code words, and a sentence.
struct api_error {
    std::int32_t status;
    std::string_view code;
    std::string message;
};

api_error bad_request(std::string message);
api_error missing(std::string message);  ///< 404
api_error conflict(std::string message); ///< 409
/// 422 with the message "<code>: <path>: <text>".
api_error unprocessable(std::string_view code, std::string_view path, std::string_view text);

/// The code word that belongs to a status: the client library refuses any other.
std::string_view code_of_status(std::int32_t status) noexcept;

/// Puts {"error": {code, message, doc_url}} into the answer. @return success: the call was answered.
sdk::outcome refuse(sdk::reply& answer, const api_error& error);
sdk::outcome answer_json(sdk::reply& answer, std::int32_t status, const boost::json::value& body);

/// The value of a request header, its name compared without case; empty when it is not there.
std::string_view header(const trb_call& call, std::string_view name);
/// A decoded parameter of the route's pattern; empty when it is not there.
std::string_view path_parameter(const trb_call& call, std::string_view name);

/// The parameters of a raw query, in order, decoded.
class query_parameters {
  public:
    explicit query_parameters(std::string_view raw);
    /// Nothing when absent or empty: "?status=" filters by nothing.
    std::optional<std::string> find(std::string_view name) const;
    bool has(std::string_view name) const;
    bool is_true(std::string_view name) const;

  private:
    std::vector<std::pair<std::string, std::string>> pairs_;
};

/// Bounds of a text, in characters.
struct text_bounds {
    std::size_t min = 0;
    std::size_t max = 255;
    bool required = false;
    bool trim = false;
};

/// Reads the members of a JSON object one by one and keeps the first thing that is wrong with them.
///
/// null counts as absent. After the first fault every read answers nothing; ask failure() before using any.
class body_reader {
  public:
    /// Refuses what is not a JSON object with 400.
    explicit body_reader(std::string_view body);

    const std::optional<api_error>& failure() const noexcept { return failure_; }
    void fail(api_error error);

    bool has(std::string_view name) const; ///< Present and not null.
    std::optional<std::string> text(std::string_view name, text_bounds bounds = {});
    std::optional<std::int64_t> integer(std::string_view name, std::int64_t min, std::int64_t max,
                                        bool required = false);
    std::optional<bool> boolean(std::string_view name);
    /// One of the words; absent gives nothing.
    std::optional<std::string> word(std::string_view name, std::initializer_list<std::string_view> allowed,
                                    bool required = false);
    /// A date or date and time, as Unix milliseconds.
    std::optional<std::int64_t> time(std::string_view name);
    /// A plain-looking e-mail address in lower case.
    std::optional<std::string> email(std::string_view name, std::size_t max, bool required = false);
    /// An object whose JSON text has at most `max` characters; members become name and text pairs.
    std::vector<std::pair<std::string, std::string>> metadata(std::string_view name, std::size_t max);
    /// 1..max different texts; empty when absent.
    std::vector<std::string> texts(std::string_view name, std::size_t max);

  private:
    const boost::json::value* find(std::string_view name) const;

    boost::json::object object_;
    std::optional<api_error> failure_;
};

/// Which part of a list is asked for.
struct page_request {
    std::int64_t page = 1;
    std::int64_t page_size = 100;
    std::string starting_after;
    std::string ending_before;
    bool descending = true;
};

/// Reads page, pageSize, startingAfter, endingBefore, sortOrder. A page beside a cursor is ignored: the
/// client library sends both when it goes through a list.
std::optional<api_error> read_page(const query_parameters& query, page_request& into);

/// An http or https URL with a host, at most 32,000 characters, without control characters or spaces.
bool is_web_url(std::string_view url) noexcept;

/// Removes scheme, "www.", path and port of what may be a URL, in lower case: "https://Go.example.com/x" is
/// "go.example.com".
std::string bare_domain(std::string_view text);

} // namespace tributary::attribution
