#pragma once

#include <tributary/base/result.hpp>

#include <cstddef>
#include <string>

namespace tributary::app::cli {

struct context;

/// The whole of a file, or of standard input for "-".
/// @errors cli_errc::not_found, cli_errc::usage when there is nothing in it or more than `bytes_max`.
result<std::string> read_input(context& with, const std::string& path, std::size_t bytes_max);

} // namespace tributary::app::cli
