// Goal: a commit returns only after the system has synced what it wrote, and a sync that fails fails the
// commit. Method: this executable's own fdatasync and fsync stand in front of the system's, for SQLite too.
#include <tributary/storage/storage.hpp>

#include <cerrno>
#include <contract/storage_contract.hpp>
#include <support/temporary_directory.hpp>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

std::uint64_t syncs = 0; ///< Since the start of the process; there is one thread.
bool refused = false;

int sync_by(long call, int file) {
    ++syncs;
    if (!refused)
        return static_cast<int>(::syscall(call, file));
    errno = EIO;
    return -1;
}

} // namespace

extern "C" int fdatasync(int file) {
    return sync_by(SYS_fdatasync, file);
}
extern "C" int fsync(int file) {
    return sync_by(SYS_fsync, file);
}

namespace {

using namespace tributary;
using namespace tributary::storage;
using namespace tributary::storage::contract;

struct fixture {
    test::temporary_directory directory;
    std::unique_ptr<database> opened = open();
    std::unique_ptr<session> writer = require_value(opened->open_writer());

    fixture() {
        require_success(writer->execute_script("CREATE TABLE item (id BIGINT NOT NULL PRIMARY KEY)"));
    }
    ~fixture() { refused = false; }

    std::unique_ptr<database> open() const {
        sqlite_options options;
        options.path = directory.file("test.db");
        return require_value(open_sqlite(options));
    }
    void insert(std::int64_t id) {
        require_success(writer->begin());
        require_value(
            writer->execute({"insert", "INSERT INTO item (id) VALUES ($1)"}, std::array{value(id)}));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(syncs_of_sqlite, fixture)

BOOST_AUTO_TEST_CASE(every_commit_syncs_before_it_returns) {
    for (std::int64_t id = 0; id < 50; ++id) {
        insert(id);
        const std::uint64_t before = syncs;
        require_success(writer->commit());
        BOOST_TEST(syncs > before);
    }
}

BOOST_AUTO_TEST_CASE(a_sync_that_fails_fails_the_commit) {
    insert(1);
    refused = true;
    const auto committed = writer->commit();
    BOOST_REQUIRE(committed.has_error());
    BOOST_CHECK(committed.error().code == storage_errc::io);
}

BOOST_AUTO_TEST_CASE(after_a_failed_sync_a_new_process_goes_on_with_what_was_committed) {
    insert(1);
    require_success(writer->commit());
    insert(2);
    refused = true;
    BOOST_TEST(writer->commit().has_error());
    writer.reset();
    opened.reset();
    refused = false;
    opened = open();
    writer = require_value(opened->open_writer());
    BOOST_TEST(rows(*writer, "SELECT id FROM item WHERE id = 1") == "1");
    insert(3);
    require_success(writer->commit());
}

BOOST_AUTO_TEST_SUITE_END()
