#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::bench {

/// `--name value` pairs of a command line. Throws std::runtime_error, with a sentence, on anything else:
/// these are programs for people at a terminal, and main() prints the sentence.
class arguments {
  public:
    /// @param known names that may be given, without the dashes; each may be given repeatedly.
    arguments(int count, char** values, std::span<const std::string_view> known);

    /// The last one given. Throws when there is none.
    const std::string& text(std::string_view name) const;
    std::string text_or(std::string_view name, std::string_view otherwise) const;
    /// All that were given, in order.
    std::vector<std::string> texts(std::string_view name) const;
    /// A whole number from `least` to `most`; throws when it is none, or not there and without a default.
    std::int64_t number(std::string_view name, std::int64_t least, std::int64_t most) const;
    std::int64_t number_or(std::string_view name, std::int64_t otherwise, std::int64_t least,
                           std::int64_t most) const;
    bool has(std::string_view name) const { return given_.contains(name); }

  private:
    std::map<std::string, std::vector<std::string>, std::less<>> given_;
};

/// The whole file; throws std::runtime_error when it cannot be read.
std::string read_file(const std::string& path);

} // namespace tributary::bench
