#pragma once

#include <tributary/cel/arena.hpp>
#include <tributary/cel/conformance.hpp>

#include <boost/json.hpp>

#include <map>
#include <optional>

#include "case_values.hpp"

/// A case as it is written, made into what it takes to run it.
namespace tributary::cel::conformance {

/// Why a case ended before it could be compared.
struct ended {
    outcome came_to = outcome::failed;
    std::string got;
};

/// The members of a case, read in this order: the first that cannot be read ends it. For one case; points to
/// its JSON.
class case_setup {
  public:
    case_setup(const boost::json::object& one, const surroundings& with);

    /// Reads all of it. @return why it cannot be run, if so.
    std::optional<ended> read();

    bool flag(std::string_view name) const;
    std::string_view text(std::string_view name) const;

    environment in;
    evaluation_limits limits; ///< That its program is compiled for.
    compile_options options;
    listed_rates rates;
    std::vector<std::pair<std::string, value>> bound; ///< By name; all of them are declared.

    bool expects_error = false;
    std::optional<type> expected_type;
    std::optional<value> expected_value;
    std::string expected_text; ///< For a person.

  private:
    std::optional<ended> read_expectation();
    std::optional<ended> declare_all();
    std::optional<ended> declare_function(const boost::json::object& declared);
    std::optional<ended> declare_variable(const boost::json::object& declared);
    std::optional<ended> declare_variable(const std::string& name, const type& of);
    std::optional<ended> bind_all();
    std::optional<ended> bind(const std::string& name, const boost::json::value& bound_to);
    std::optional<ended> read_rates();
    std::optional<ended> read_options();

    const boost::json::object& one_;
    arena memory_;
};

} // namespace tributary::cel::conformance
