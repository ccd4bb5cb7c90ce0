#include "app/cli/errors.hpp"

#include <tributary/accounts/errors.hpp>
#include <tributary/base/category.hpp>
#include <tributary/directory/directory.hpp>

#include <algorithm>

#include "app/cli/document.hpp"

namespace tributary::app::cli {
namespace {

std::string_view message(int value) noexcept {
    switch (static_cast<cli_errc>(value)) {
    case cli_errc::usage: return "wrong usage";
    case cli_errc::not_found: return "not found";
    case cli_errc::failed: return "failed";
    }
    return "unknown error";
}

} // namespace

const boost::system::error_category& cli_category() noexcept {
    static const message_category instance("tributary.cli", &message);
    return instance;
}

exit_status status_of(const failure& why) noexcept {
    if (why.code == cli_errc::usage || why.code == accounts::accounts_errc::invalid_argument)
        return exit_status::usage;
    for (const error_code absent :
         {make_error_code(cli_errc::not_found), make_error_code(accounts::accounts_errc::not_found),
          make_error_code(engine_errc::not_found), make_error_code(engine_errc::unknown_connection),
          make_error_code(engine_errc::unknown_workspace)})
        if (why.code == absent)
            return exit_status::not_found;
    return exit_status::failed;
}

std::string message_of(const failure& why) {
    std::string text = why.code.category() == cli_category() && !why.detail.empty() ? why.detail : why.text();
    std::ranges::replace(text, '\n', ' ');
    return printable(text);
}

} // namespace tributary::app::cli
