#include <tributary/accounts/key_file.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts/wiped.hpp"

namespace tributary::accounts {
namespace {

/// 64 characters of hex, and room for white space.
constexpr std::size_t file_bytes_max = 512;

class file_descriptor {
  public:
    explicit file_descriptor(int opened) : opened_(opened) {}
    ~file_descriptor() {
        if (opened_ >= 0)
            ::close(opened_);
    }
    file_descriptor(const file_descriptor&) = delete;
    file_descriptor& operator=(const file_descriptor&) = delete;

    bool is_open() const noexcept { return opened_ >= 0; }
    int get() const noexcept { return opened_; }

  private:
    int opened_;
};

failure named(const std::filesystem::path& path, accounts_errc code, std::string_view why) {
    return {code, path.string() + ": " + std::string(why)};
}

failure system_failure(const std::filesystem::path& path, accounts_errc code) {
    return named(path, code, std::strerror(errno));
}

result<void> check_access(const std::filesystem::path& path, const struct stat& status,
                          key_file_access access) {
    if (!S_ISREG(status.st_mode))
        return named(path, accounts_errc::key_file_unreadable, "not a regular file");
    if (access == key_file_access::systemd_credential)
        return {};
    if ((status.st_mode & 077) != 0)
        return named(path, accounts_errc::key_file_exposed, "make it readable by its owner only: chmod 600");
    if (status.st_uid != ::geteuid() && status.st_uid != 0)
        return named(path, accounts_errc::key_file_exposed, "it belongs to another user");
    return {};
}

bool write_all(int to, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(to, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// A file whose directory was not synced may be gone after a power cut.
bool sync_directory_of(const std::filesystem::path& path) {
    const std::filesystem::path parent = path.has_parent_path() ? path.parent_path() : ".";
    const file_descriptor directory(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return directory.is_open() && ::fsync(directory.get()) == 0;
}

/// Compares names, not files: whoever can put links into the credentials directory owns the credentials.
bool lies_below(const std::filesystem::path& path, const std::filesystem::path& directory) {
    if (directory.empty())
        return false;
    const std::filesystem::path inner = path.lexically_normal();
    const std::filesystem::path outer = (directory / "").lexically_normal().parent_path();
    return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

} // namespace

result<master_key> load_key_file(const std::filesystem::path& path, key_file_access access) {
    // Not blocking: somebody's pipe in place of the file must not hang the daemon's start.
    const file_descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    struct stat status {};
    if (!file.is_open() || ::fstat(file.get(), &status) != 0)
        return system_failure(path, accounts_errc::key_file_unreadable);
    TRIBUTARY_TRY(check_access(path, status, access));
    wiped<std::array<char, file_bytes_max + 1>> buffer;
    std::size_t size = 0;
    while (size < buffer->size()) {
        const ssize_t got = ::read(file.get(), buffer->data() + size, buffer->size() - size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return system_failure(path, accounts_errc::key_file_unreadable);
        if (got == 0)
            break;
        size += static_cast<std::size_t>(got);
    }
    if (size > file_bytes_max)
        return named(path, accounts_errc::key_file_unreadable, "too long for a key");
    auto key = master_key::parse({buffer->data(), size});
    if (!key)
        return named(path, accounts_errc::bad_master_key, key.error().detail);
    return key;
}

result<void> generate_key_file(const std::filesystem::path& path, entropy& random) {
    const secret_text text = master_key::generate(random).text();
    const file_descriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
    if (!file.is_open())
        return system_failure(path, errno == EEXIST ? accounts_errc::key_file_exists
                                                    : accounts_errc::key_file_unwritable);
    // A strange umask may have taken even the owner's bits.
    if (::fchmod(file.get(), S_IRUSR | S_IWUSR) == 0 && write_all(file.get(), text.reveal()) &&
        write_all(file.get(), "\n") && ::fsync(file.get()) == 0 && sync_directory_of(path))
        return {};
    const failure why = system_failure(path, accounts_errc::key_file_unwritable);
    ::unlink(path.c_str());
    return why;
}

result<secret_box> load_secret_box(const key_sources& from) {
    const auto load = [&](const std::string& path) {
        return load_key_file(path, lies_below(path, from.credentials_directory)
                                       ? key_file_access::systemd_credential
                                       : key_file_access::owner_only);
    };
    if (from.key.empty() && from.key_file.empty())
        return failure(accounts_errc::bad_master_key, "none is configured");
    TRIBUTARY_TRY_ASSIGN(current,
                         from.key.empty() ? load(from.key_file) : master_key::parse(from.key.reveal()));
    std::vector<master_key> earlier;
    for (const std::string& path : from.old_key_files) {
        TRIBUTARY_TRY_ASSIGN(key, load(path));
        earlier.push_back(std::move(key));
    }
    return secret_box(std::move(current), std::move(earlier));
}

} // namespace tributary::accounts
