#include "config/read_file.hpp"

#include <tributary/config/errors.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace tributary::config {

result<std::string> read_file(const std::filesystem::path& path, std::size_t bytes_max) {
    std::error_code failed;
    const auto status = std::filesystem::status(path, failed);
    if (!std::filesystem::exists(status))
        return failure(config_errc::unreadable, failed ? failed.message() : "no such file");
    if (!std::filesystem::is_regular_file(status))
        return failure(config_errc::unreadable, "not a regular file");
    errno = 0;
    std::ifstream stream(path, std::ios::binary);
    if (!stream)
        return failure(config_errc::unreadable, std::strerror(errno != 0 ? errno : EIO));
    // One more than allowed is enough to know that it is too long.
    std::string bytes(bytes_max + 1, '\0');
    stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (stream.bad())
        return failure(config_errc::unreadable, "reading it failed");
    bytes.resize(static_cast<std::size_t>(stream.gcount()));
    if (bytes.size() > bytes_max)
        return failure(config_errc::unreadable, "longer than " + std::to_string(bytes_max) + " bytes");
    return bytes;
}

} // namespace tributary::config
