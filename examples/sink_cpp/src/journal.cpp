// A sink to be read and copied: appends each message as a line of JSON to a file, and says "taken" only when
// the line is on stable storage. README.md says what a crash may leave behind.
#include <tributary/sdk/plugin.hpp>

#include <cerrno>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <unordered_set>

namespace journal {
namespace {

namespace sdk = tributary::sdk;
using json = nlohmann::ordered_json;
using sdk::view;

// Only the newest can come again, after a crash. What was kept long before need not be remembered.
constexpr std::size_t remembered_max = 1024;
constexpr std::size_t tail_bytes_max = 1 << 20; // how much of an existing file is read at the start

/// A file descriptor and its end.
class file {
  public:
    explicit file(int descriptor = -1) noexcept : descriptor_(descriptor) {}
    file(file&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    file& operator=(file&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        return *this;
    }
    ~file() {
        if (descriptor_ >= 0)
            ::close(descriptor_);
    }
    int get() const noexcept { return descriptor_; }
    explicit operator bool() const noexcept { return descriptor_ >= 0; }

  private:
    int descriptor_;
};

sdk::outcome failed(const std::string& what) {
    return sdk::retry("file", what + ": " + std::strerror(errno), 5000);
}

bool write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// The path of the configuration; nothing else may stand there.
std::optional<std::string> path_in(std::string_view config) {
    const json parsed = json::parse(config, nullptr, false);
    if (!parsed.is_object() || parsed.size() != 1 || !parsed.contains("path") || !parsed["path"].is_string())
        return std::nullopt;
    std::string path = parsed["path"];
    return path.size() < 2 || path[0] != '/' ? std::nullopt : std::optional(path);
}

/// deliver() is never called twice at a time on one instance, so nothing here has a lock.
class journal final : public sdk::plugin, public sdk::message_sink {
  public:
    static constexpr std::string_view short_name = "journal";
    static constexpr std::string_view version = "0.1.0";
    static constexpr std::string_view vendor = "the tributary authors";

    explicit journal(std::string path) : path_(std::move(path)) {}

    static sdk::outcome create(sdk::host, std::string_view config, std::unique_ptr<journal>& made) {
        std::optional<std::string> path = path_in(config);
        if (!path)
            return sdk::invalid("wrong_path",
                                "[plugin.journal] has to have path, an absolute one, and nothing else");
        made = std::make_unique<journal>(std::move(*path));
        return {};
    }

    /// Opens the file, so that a wrong path is known when the host starts, not with the first message.
    sdk::outcome start() override {
        if (!open())
            return sdk::invalid("file", path_ + ": " + std::strerror(errno));
        return {};
    }

    sdk::outcome deliver(const trb_outgoing& message, sdk::outgoing_sink) override {
        const std::string id(view(message.id));
        if (known_.contains(id))
            return {}; // It came before, and was kept: "taken" was lost on the way, or a crash came between.
        const json body = json::parse(view(message.body), nullptr, false);
        if (body.is_discarded())
            return sdk::invalid("no_json", "the body is not JSON");
        const json line{{"id", id},
                        {"workspace", view(message.workspace)},
                        {"environment", message.environment == 1 ? "live" : "sandbox"},
                        {"kind", view(message.kind)},
                        {"key", view(message.key)},
                        {"at_ms", message.at_ms},
                        {"corrected", message.corrected != 0},
                        {"body", body}};
        if (!out_ && !open())
            return failed(path_);
        if (!write_all(out_.get(), line.dump() + "\n") || ::fdatasync(out_.get()) != 0) {
            const sdk::outcome reason = failed(path_);
            out_ = file(); // Half a line may be there: open() cuts it off before the next one is written.
            return reason;
        }
        remember(id);
        return {};
    }

  private:
    bool open() {
        file opened(::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
        if (!opened || !read_tail(opened.get()))
            return false;
        out_ = std::move(opened);
        return true;
    }

    /// Remembers the ids of the last lines, and cuts off a last one that has no end.
    bool read_tail(int descriptor) {
        struct stat about {};
        if (::fstat(descriptor, &about) != 0)
            return false;
        const auto size = static_cast<std::size_t>(about.st_size);
        std::string tail(std::min(size, tail_bytes_max), '\0');
        const ssize_t got =
            ::pread(descriptor, tail.data(), tail.size(), static_cast<off_t>(size - tail.size()));
        if (got != static_cast<ssize_t>(tail.size()))
            return false;
        const std::size_t end = tail.rfind('\n') == std::string::npos ? 0 : tail.rfind('\n') + 1;
        if (end != tail.size() && (end == 0 && size > tail.size())) {
            errno = EFBIG; // No end of a line in a megabyte: this is no journal of ours.
            return false;
        }
        if (end != tail.size() && ::ftruncate(descriptor, static_cast<off_t>(size - tail.size() + end)) != 0)
            return false;
        for (std::size_t start = 0; start < end;) {
            const std::size_t stop = tail.find('\n', start);
            const json line = json::parse(tail.substr(start, stop - start), nullptr, false);
            if (line.is_object() && line.contains("id") && line["id"].is_string())
                remember(line["id"]);
            start = stop + 1;
        }
        return true;
    }

    void remember(const std::string& id) {
        if (!known_.insert(id).second)
            return;
        order_.push_back(id);
        if (order_.size() > remembered_max) {
            known_.erase(order_.front());
            order_.pop_front();
        }
    }

    std::string path_;
    file out_;
    std::unordered_set<std::string> known_;
    std::deque<std::string> order_;
};

} // namespace
} // namespace journal

TRIBUTARY_PLUGIN(journal::journal)
