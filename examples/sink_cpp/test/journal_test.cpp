// The sink with real files: what it takes is there, once, also after a crash.
#include <tributary/testing/check.hpp>
#include <tributary/testing/plugin_under_test.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

using namespace tributary::testing;

namespace {

/// A folder of its own that goes away.
class world {
  public:
    world() {
        std::string name = (std::filesystem::temp_directory_path() / "journal.XXXXXX").string();
        folder_ = ::mkdtemp(name.data()) == nullptr ? "" : name;
        restart();
    }
    ~world() {
        plugin_.reset();
        std::filesystem::remove_all(folder_);
    }
    std::filesystem::path path() const { return folder_ / "messages.jsonl"; }
    void restart() {
        plugin_.reset();
        plugin_.emplace(tributary_plugin_entry(), R"({"path":")" + path().string() + R"("})");
    }
    delivered deliver(const outgoing& message) { return plugin_->deliver(message); }
    std::string text() const {
        std::ifstream file(path(), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void write(const std::string& all) const { std::ofstream(path(), std::ios::binary) << all; }

  private:
    std::filesystem::path folder_;
    std::optional<plugin_under_test> plugin_;
};

const std::string first_line =
    R"({"id":"m1","workspace":"ws_test","environment":"sandbox","kind":"sale.created","key":"sale_1",)"
    R"("at_ms":1700000000000,"corrected":false,"body":{"b":1,"a":"\n"}})"
    "\n";
const outgoing first{.id = "m1", .body = R"( {"b": 1, "a": "\n"} )"};

void a_message_is_one_line() {
    world in;
    CHECK(in.deliver(first).status == TRB_OK);
    CHECK(in.text() == first_line);
    const auto allowed = std::filesystem::status(in.path()).permissions();
    CHECK(allowed == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

void a_repetition_is_taken_and_not_written_again_also_after_a_restart() {
    world in;
    in.deliver(first);
    CHECK(in.deliver({.id = "m1", .body = first.body, .attempt = 2}).status == TRB_OK);
    in.restart();
    CHECK(in.deliver(first).status == TRB_OK);
    CHECK(in.text() == first_line);
    in.deliver({.id = "m2"});
    CHECK(in.text().size() > first_line.size());
}

void half_a_line_is_cut_off() {
    world in;
    in.write(first_line + R"({"id":"m2","wor)");
    in.restart();
    CHECK(in.text() == first_line);
    in.deliver({.id = "m2"});
    CHECK(in.text().find("\n{\"id\":\"m2\"") + 1 == first_line.size());
    in.write("half");
    in.restart();
    CHECK(in.text().empty());
}

void what_is_no_json_is_given_up() {
    world in;
    CHECK(in.deliver({.id = "m1", .body = "{"}).status == TRB_INVALID);
    CHECK(in.text().empty());
}

void a_path_that_cannot_be_is_refused_at_once() {
    fake_host host;
    const trb_plugin* const plugin = tributary_plugin_entry();
    for (const char* config :
         {"{}", "[]", "{", R"({"path":"messages"})", R"({"path":1})", R"({"path":"/a","x":1})"})
        CHECK(plugin_under_test::try_create(plugin, host, config).code == "wrong_path");
    bool refused = false;
    try {
        plugin_under_test instance(plugin, R"({"path":"/no/such/folder/messages"})");
    } catch (const std::runtime_error&) {
        refused = true;
    }
    CHECK(refused);
}

void a_full_disk_is_tried_again() {
    if (!std::filesystem::exists("/dev/full"))
        return;
    // The device takes no byte; it has no size and no end to cut off.
    plugin_under_test instance(tributary_plugin_entry(), R"({"path":"/dev/full"})");
    const delivered refused = instance.deliver(first);
    CHECK(refused.status == TRB_RETRY);
    CHECK(refused.retry_after_ms == 5000);
}

} // namespace

int main() {
    a_message_is_one_line();
    a_repetition_is_taken_and_not_written_again_also_after_a_restart();
    half_a_line_is_cut_off();
    what_is_no_json_is_given_up();
    a_path_that_cannot_be_is_refused_at_once();
    a_full_disk_is_tried_again();
    return finish();
}
