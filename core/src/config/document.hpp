#pragma once

#include <tributary/config/errors.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "config/parse_value.hpp"

/// The only part that knows TOML's parser: everything else sees these values.
namespace tributary::config {

/// One key of a section of the daemon itself, known or not.
struct document_entry {
    std::string key; ///< "server.listen"; of a table inside a section "server.tls.key".
    unsigned line;
    given_value given;
};

/// A value of a plugin's own table, ready for both readers.
struct plugin_value {
    std::string json;
    std::string shown; ///< As TOML; empty when its name says that it is a secret.
};

struct plugin_entry {
    std::string plugin;
    std::string key;
    unsigned line;
    plugin_value value;
};

struct document {
    std::vector<document_entry> entries; ///< In the order of the file.
    std::vector<plugin_entry> plugin_entries;
};

/// @param name  how messages call the text: the path of its file.
/// What is wrong is added to `found`; a text that is not TOML gives an empty document.
document parse_document(std::string_view text, std::string_view name, std::vector<problem>& found);

/// A value of a plugin's key from the environment: true, false, whole numbers, and what starts with a quote,
/// a bracket or a brace is read as TOML; everything else is text.
result<plugin_value> parse_plugin_value(std::string_view key, std::string_view text);

} // namespace tributary::config
