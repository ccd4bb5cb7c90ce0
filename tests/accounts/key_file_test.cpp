#include <tributary/accounts/key_file.hpp>

#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts/fixture.hpp"

using namespace tributary;
using namespace tributary::accounts;
using namespace tributary::accounts::test;

namespace {

struct key_files {
    key_files() {
        std::string name = (std::filesystem::temp_directory_path() / "tributary-keys-XXXXXX").string();
        BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
        directory = name;
    }
    ~key_files() { std::filesystem::remove_all(directory); }

    std::filesystem::path write(std::string_view name, std::string_view text, mode_t mode = 0600) const {
        const std::filesystem::path path = directory / name;
        std::ofstream(path, std::ios::binary) << text;
        BOOST_REQUIRE(::chmod(path.c_str(), mode) == 0);
        return path;
    }
    std::string key_text() { return std::string(master_key::generate(random).text().reveal()); }

    seeded_entropy random{11};
    std::filesystem::path directory;
};

std::string text_of(const std::filesystem::path& path) {
    std::ostringstream out;
    out << std::ifstream(path, std::ios::binary).rdbuf();
    return out.str();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(key_file, key_files)

BOOST_AUTO_TEST_CASE(a_generated_file_is_private_and_loads) {
    const auto path = directory / "key";
    const mode_t before = ::umask(0);
    must(generate_key_file(path, random));
    ::umask(before);
    struct stat status {};
    BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 07777) == 0600u);
    BOOST_TEST(text_of(path) ==
               std::string(must(load_key_file(path, key_file_access::owner_only)).text().reveal()) + "\n");
}

BOOST_AUTO_TEST_CASE(a_file_that_exists_is_never_overwritten) {
    const auto path = write("key", "mine");
    BOOST_TEST(code_of(generate_key_file(path, random)) == accounts_errc::key_file_exists);
    BOOST_TEST(text_of(path) == "mine");
    const auto link = directory / "link";
    std::filesystem::create_symlink(directory / "nowhere", link);
    BOOST_TEST(code_of(generate_key_file(link, random)) == accounts_errc::key_file_exists);
    BOOST_TEST(!std::filesystem::exists(directory / "nowhere"));
}

BOOST_AUTO_TEST_CASE(a_directory_that_does_not_exist_is_an_error) {
    BOOST_TEST(code_of(generate_key_file(directory / "no" / "key", random)) ==
               accounts_errc::key_file_unwritable);
}

BOOST_AUTO_TEST_CASE(a_file_that_others_may_read_or_write_is_refused_unless_it_is_a_credential) {
    const std::string text = key_text();
    for (const mode_t mode : {0640, 0604, 0620, 0602, 0644, 0610, 0601, 0440}) {
        const auto path = write("key", text, mode);
        const auto loaded = load_key_file(path, key_file_access::owner_only);
        BOOST_TEST(code_of(loaded) == accounts_errc::key_file_exposed);
        BOOST_TEST(loaded.error().detail.starts_with(path.string()));
        must(load_key_file(path, key_file_access::systemd_credential));
    }
    must(load_key_file(write("key", text, 0400), key_file_access::owner_only));
}

BOOST_AUTO_TEST_CASE(the_permissions_are_those_of_the_file_behind_a_link) {
    const auto path = write("key", key_text(), 0644);
    std::filesystem::create_symlink(path, directory / "link");
    BOOST_TEST(code_of(load_key_file(directory / "link", key_file_access::owner_only)) ==
               accounts_errc::key_file_exposed);
}

BOOST_AUTO_TEST_CASE(a_file_of_another_user_is_refused) {
    const auto path = write("key", key_text());
    if (::geteuid() != 0 || ::chown(path.c_str(), 12345, 12345) != 0) {
        BOOST_TEST_MESSAGE("skipped: only root can give a file away");
        return;
    }
    BOOST_TEST(code_of(load_key_file(path, key_file_access::owner_only)) == accounts_errc::key_file_exposed);
}

BOOST_AUTO_TEST_CASE(what_is_no_file_or_no_key_is_refused) {
    const auto owner_only = key_file_access::owner_only;
    BOOST_TEST(code_of(load_key_file(directory / "absent", owner_only)) ==
               accounts_errc::key_file_unreadable);
    BOOST_TEST(code_of(load_key_file(directory, owner_only)) == accounts_errc::key_file_unreadable);
    const auto pipe = directory / "pipe";
    BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    BOOST_TEST(code_of(load_key_file(pipe, owner_only)) == accounts_errc::key_file_unreadable);
    BOOST_TEST(code_of(load_key_file(write("long", std::string(513, ' ')), owner_only)) ==
               accounts_errc::key_file_unreadable);
    const auto bad = load_key_file(write("bad", "do not show this"), owner_only);
    BOOST_TEST(code_of(bad) == accounts_errc::bad_master_key);
    BOOST_TEST(bad.error().text().find("do not show this") == std::string::npos);
    BOOST_TEST(code_of(load_key_file(write("empty", ""), owner_only)) == accounts_errc::bad_master_key);
}

BOOST_AUTO_TEST_CASE(a_box_is_made_of_all_configured_keys) {
    const std::string today = key_text();
    const std::string earlier = key_text();
    const secret_box before(must(master_key::parse(earlier)));
    const std::string sealed = before.seal("s", "row", random);

    key_sources from;
    from.key_file = write("today", today).string();
    BOOST_TEST(code_of(must(load_secret_box(from)).open(sealed, "row")) ==
               accounts_errc::sealed_by_other_key);
    from.old_key_files = {write("earlier", earlier).string()};
    const secret_box box = must(load_secret_box(from));
    BOOST_TEST(must(box.open(sealed, "row")).reveal() == "s");
    BOOST_TEST(!box.is_current(sealed));

    key_sources direct;
    direct.key = secret_text(earlier);
    BOOST_TEST(must(load_secret_box(direct)).is_current(sealed));
}

BOOST_AUTO_TEST_CASE(a_box_without_a_key_or_with_a_broken_old_one_is_refused) {
    BOOST_TEST(code_of(load_secret_box({})) == accounts_errc::bad_master_key);
    key_sources from;
    from.key = secret_text(key_text());
    from.old_key_files = {(directory / "absent").string()};
    BOOST_TEST(code_of(load_secret_box(from)) == accounts_errc::key_file_unreadable);
}

BOOST_AUTO_TEST_CASE(only_files_below_the_credentials_directory_are_credentials) {
    std::filesystem::create_directory(directory / "credentials");
    std::filesystem::create_directory(directory / "credentials2");
    const std::string text = key_text();
    key_sources from;
    from.credentials_directory = (directory / "credentials").string();
    from.key_file = write("credentials/tributary-key", text, 0440).string();
    must(load_secret_box(from));
    from.credentials_directory += "/";
    must(load_secret_box(from));
    from.key_file = (directory / "credentials" / ".." / "credentials2" / "key").string();
    write("credentials2/key", text, 0440);
    BOOST_TEST(code_of(load_secret_box(from)) == accounts_errc::key_file_exposed);
    from.key_file = (directory / "credentials2" / "key").string();
    BOOST_TEST(code_of(load_secret_box(from)) == accounts_errc::key_file_exposed);
}

BOOST_AUTO_TEST_SUITE_END()
