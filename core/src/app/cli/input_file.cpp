#include "app/cli/input_file.hpp"

#include <fstream>
#include <istream>

#include "app/cli/context.hpp"
#include "app/cli/errors.hpp"

namespace tributary::app::cli {

result<std::string> read_input(context& with, const std::string& path, std::size_t bytes_max) {
    std::ifstream file;
    if (path != "-") {
        file.open(path, std::ios::binary);
        // A directory opens and fails when it is read.
        if (!file || (file.peek(), file.bad()))
            return failure(cli_errc::not_found, "cannot read " + path);
        file.clear();
    }
    std::istream& from = path == "-" ? with.in : file;
    std::string text(bytes_max + 1, '\0');
    from.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(from.gcount()));
    const std::string name = path == "-" ? "standard input" : path;
    if (text.empty())
        return failure(cli_errc::usage, name + " is empty");
    if (text.size() > bytes_max)
        return failure(cli_errc::usage, name + " has more than " + std::to_string(bytes_max) + " bytes");
    return text;
}

} // namespace tributary::app::cli
