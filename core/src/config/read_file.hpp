#pragma once

#include <tributary/base/result.hpp>

#include <cstddef>
#include <filesystem>
#include <string>

namespace tributary::config {

/// The bytes of a file. @errors unreadable when it is absent, no regular file, or longer than bytes_max.
result<std::string> read_file(const std::filesystem::path& path, std::size_t bytes_max);

} // namespace tributary::config
