// What is SQLite's own: settings in force, durability, full disks, damaged files.
#include <tributary/storage/storage.hpp>

#include <contract/storage_contract.hpp>
#include <filesystem>
#include <fstream>
#include <support/temporary_directory.hpp>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

using namespace tributary;
using namespace tributary::storage;
using namespace tributary::storage::contract;

struct file_fixture {
    test::temporary_directory directory;
    sqlite_options options = options_for(directory.file("test.db"));

    static sqlite_options options_for(std::string path) {
        sqlite_options made;
        made.path = std::move(path);
        made.busy_timeout_ms = 20;
        return made;
    }
    std::unique_ptr<database> open() { return require_value(open_sqlite(options)); }
};

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

constexpr std::size_t page_bytes = 8192;
constexpr std::string_view make_items = "CREATE TABLE item (id BIGINT NOT NULL PRIMARY KEY, body TEXT)";
constexpr std::string_view insert_item = "INSERT INTO item (id, body) VALUES ($1, $2)";

} // namespace

BOOST_FIXTURE_TEST_SUITE(sqlite, file_fixture)

BOOST_AUTO_TEST_CASE(the_settings_that_durability_rests_on_are_in_force) {
    const auto db = open();
    const auto writer = db->open_writer().value();
    BOOST_TEST(rows(*writer, "PRAGMA journal_mode") == "wal");
    BOOST_TEST(rows(*writer, "PRAGMA synchronous") == "2");
    BOOST_TEST(rows(*writer, "PRAGMA page_size") == std::to_string(page_bytes));
    BOOST_TEST(rows(*writer, "PRAGMA foreign_keys") == "0");
    BOOST_TEST(rows(*writer, "PRAGMA temp_store") == "2");
    BOOST_TEST(rows(*writer, "PRAGMA busy_timeout") == "20");
    BOOST_TEST(rows(*writer, "PRAGMA mmap_size") == "0");
    BOOST_TEST(rows(*writer, "PRAGMA secure_delete") == "1");
    const auto reader = db->open_reader().value();
    BOOST_TEST(rows(*reader, "PRAGMA query_only") == "1");
    options.synchronous = false;
    BOOST_TEST(rows(*open()->open_writer().value(), "PRAGMA synchronous") == "1");
}

BOOST_AUTO_TEST_CASE(only_the_owner_may_read_the_files) {
    const auto db = open();
    const auto writer = db->open_writer().value();
    require_success(writer->execute_script(make_items));
    for (const std::string suffix : {"", "-wal", "-shm"}) {
        struct stat status {};
        BOOST_REQUIRE_EQUAL(::stat((options.path + suffix).c_str(), &status), 0);
        BOOST_TEST((status.st_mode & 0777U) == 0600U);
    }
}

BOOST_AUTO_TEST_CASE(what_was_committed_is_there_after_the_database_is_opened_again) {
    {
        const auto writer = open()->open_writer().value();
        require_success(writer->execute_script(make_items));
        require_success(execute(*writer, insert_item, {std::int64_t{1}, "a"}));
    }
    BOOST_TEST(rows(*open()->open_reader().value(), "SELECT id, body FROM item") == "1|a");
}

BOOST_AUTO_TEST_CASE(a_session_may_outlive_its_database_object) {
    auto db = open();
    const auto writer = db->open_writer().value();
    db.reset();
    require_success(writer->execute_script(make_items));
    auto memory = open_sqlite({}).value();
    const auto in_memory = memory->open_writer().value();
    memory.reset();
    require_success(in_memory->execute_script(make_items));
}

BOOST_AUTO_TEST_CASE(paths_are_names_and_not_uris) {
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(directory.path());
    for (const std::string name : {":memory:", "file:x.db?mode=memory", "plain.db"}) {
        options.path = name;
        BOOST_TEST(open_sqlite(options).has_value());
        BOOST_TEST(std::filesystem::exists(directory.path() / name), name);
    }
    std::filesystem::current_path(before);
}

BOOST_AUTO_TEST_CASE(databases_in_memory_are_private) {
    const auto first = open_sqlite({}).value();
    const auto second = open_sqlite({}).value();
    require_success(first->open_writer().value()->execute_script(make_items));
    BOOST_TEST(execute(*second->open_writer().value(), "DELETE FROM item").has_error());
    BOOST_TEST(rows(*first->open_reader().value(), "SELECT id FROM item") == "");
}

BOOST_AUTO_TEST_CASE(threads_share_a_database_in_memory_transaction_by_transaction) {
    const auto db = open_sqlite({}).value();
    const auto maker = db->open_writer().value();
    require_success(maker->execute_script(
        "CREATE TABLE counter (n BIGINT NOT NULL); INSERT INTO counter (n) VALUES (0)"));
    constexpr int rounds = 200;
    const auto count = [&](int& failures) {
        const auto writer = db->open_writer().value();
        for (int i = 0; i < rounds; ++i) {
            bool good = writer->begin().has_value();
            good = good && writer->execute({"add", "UPDATE counter SET n = n + 1"}, {}).has_value();
            good = good && writer->execute({"add", "UPDATE counter SET n = n + 1"}, {}).has_value();
            good = good && writer->commit().has_value();
            failures += good ? 0 : 1;
        }
    };
    int odd_sums = 0;
    const auto watch = [&] {
        const auto reader = db->open_reader().value();
        for (int i = 0; i < rounds; ++i) {
            const auto seen = reader->query({"see", "SELECT n FROM counter"}, {}, [&](const row& each) {
                odd_sums += each.integer(0) % 2 == 0 ? 0 : 1;
            });
            odd_sums += seen ? 0 : 1;
        }
    };
    int failures[2] = {0, 0};
    std::thread threads[] = {std::thread(count, std::ref(failures[0])),
                             std::thread(count, std::ref(failures[1])), std::thread(watch)};
    for (auto& each : threads)
        each.join();
    BOOST_TEST(failures[0] + failures[1] == 0);
    BOOST_TEST(odd_sums == 0);
    BOOST_TEST(rows(*maker, "SELECT n FROM counter") == std::to_string(4 * rounds));
}

BOOST_AUTO_TEST_CASE(a_writer_waits_for_the_lock_up_to_its_deadline) {
    options.busy_timeout_ms = 10'000;
    const auto db = open();
    const auto first = db->open_writer().value();
    require_success(first->execute_script(make_items));
    require_success(first->begin());
    bool waited_and_got_it = false;
    std::thread second([&] {
        const auto writer = db->open_writer().value();
        waited_and_got_it = writer->begin().has_value() && writer->commit().has_value();
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    BOOST_TEST(first->commit().has_value());
    second.join();
    BOOST_TEST(waited_and_got_it);
}

BOOST_AUTO_TEST_CASE(vacuum_works_for_the_core) {
    const auto writer = open()->open_writer().value();
    require_success(writer->execute_script(make_items));
    require_success(execute(*writer, insert_item, {std::int64_t{1}, "a"}));
    require_success(execute(*writer, "VACUUM"));
    require_success(execute(*writer, "VACUUM INTO $1", {directory.file("copy.db")}));
    const auto copy = require_value(open_sqlite(options_for(directory.file("copy.db"))));
    BOOST_TEST(rows(*copy->open_reader().value(), "SELECT id, body FROM item") == "1|a");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(durability, file_fixture)

namespace {

/// In the child: commits rows and acknowledges each through the pipe, until it is killed.
[[noreturn]] void commit_until_killed(const sqlite_options& options, int acknowledgements) {
    const auto db = open_sqlite(options);
    const auto writer = db ? (*db)->open_writer() : db.error();
    for (std::int64_t id = 1; writer; ++id) {
        const value parameters[] = {id, "acknowledged"};
        const bool committed = (*writer)->begin() &&
                               (*writer)->execute({"item.insert", insert_item}, parameters) &&
                               (*writer)->commit();
        if (!committed || ::write(acknowledgements, &id, sizeof id) != sizeof id)
            break;
    }
    ::_exit(1);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_killed_process_loses_nothing_it_has_acknowledged) {
    require_success(open()->open_writer().value()->execute_script(make_items));
    std::int64_t acknowledged = 0;
    for (int round = 0; round < 3; ++round) {
        require_success(execute(*open()->open_writer().value(), "DELETE FROM item"));
        int ends[2] = {};
        BOOST_REQUIRE_EQUAL(::pipe(ends), 0);
        const auto child = ::fork();
        BOOST_REQUIRE(child >= 0);
        if (child == 0) {
            ::close(ends[0]);
            commit_until_killed(options, ends[1]);
        }
        ::close(ends[1]);
        // It dies while it works, at another point in each round.
        for (int i = 0; i < 20 + 7 * round; ++i)
            BOOST_REQUIRE_EQUAL(::read(ends[0], &acknowledged, sizeof acknowledged),
                                static_cast<ssize_t>(sizeof acknowledged));
        ::kill(child, SIGKILL);
        while (::read(ends[0], &acknowledged, sizeof acknowledged) ==
               static_cast<ssize_t>(sizeof acknowledged)) {
        }
        ::close(ends[0]);
        int status = 0;
        ::waitpid(child, &status, 0);
        BOOST_TEST(WIFSIGNALED(status));

        const auto writer = open()->open_writer().value();
        const auto found = std::stoll(rows(*writer, "SELECT COUNT(*) FROM item WHERE body = 'acknowledged'"));
        // One more may be committed than was acknowledged.
        BOOST_TEST(found >= acknowledged);
        BOOST_TEST(found <= acknowledged + 1);
        BOOST_TEST(rows(*writer, "PRAGMA integrity_check") == "ok");
    }
    BOOST_TEST(acknowledged >= 34);
}

BOOST_AUTO_TEST_CASE(a_full_database_says_so_and_is_usable_after) {
    const auto writer = open()->open_writer().value();
    require_success(writer->execute_script(make_items));
    require_success(execute(*writer, insert_item, {std::int64_t{1}, "kept"}));
    BOOST_TEST(rows(*writer, "PRAGMA max_page_count = 12") == "12");
    const std::string big(100'000, 'x');
    BOOST_TEST(code_of(execute(*writer, insert_item, {std::int64_t{2}, big})) == storage_errc::full);

    require_success(writer->begin());
    require_success(execute(*writer, insert_item, {std::int64_t{3}, "lost with the transaction"}));
    BOOST_TEST(code_of(execute(*writer, insert_item, {std::int64_t{4}, big})) == storage_errc::full);
    // Whether SQLite has kept the transaction or not, going on must not commit a part of it.
    const auto next = execute(*writer, insert_item, {std::int64_t{5}, "after"});
    const auto committed =
        next ? (writer->rollback(), result<void>(failure{storage_errc::full})) : writer->commit();
    BOOST_TEST(code_of(committed) == storage_errc::full);
    BOOST_TEST(rows(*writer, "SELECT id FROM item") == "1");

    BOOST_TEST(rows(*writer, "PRAGMA max_page_count = 100000") == "100000");
    require_success(execute(*writer, insert_item, {std::int64_t{2}, big}));
    BOOST_TEST(rows(*writer, "SELECT id FROM item ORDER BY id") == "1; 2");
    BOOST_TEST(rows(*writer, "PRAGMA integrity_check") == "ok");
}

BOOST_AUTO_TEST_CASE(a_transaction_that_sqlite_drops_does_not_go_on_statement_by_statement) {
    const auto writer = open()->open_writer().value();
    require_success(writer->execute_script(make_items));
    require_success(writer->begin());
    require_success(writer->savepoint());
    require_success(execute(*writer, insert_item, {std::int64_t{1}, "a"}));
    // OR ROLLBACK drops the whole transaction, as some I/O errors do.
    BOOST_TEST(code_of(execute(*writer, "INSERT OR ROLLBACK INTO item (id) VALUES (1)")) ==
               storage_errc::conflict);
    BOOST_TEST(code_of(execute(*writer, insert_item, {std::int64_t{2}, "b"})) == storage_errc::conflict);
    BOOST_TEST(code_of(writer->execute_script("INSERT INTO item (id) VALUES (3)")) == storage_errc::conflict);
    BOOST_TEST(code_of(writer->release_savepoint()) == storage_errc::conflict);
    writer->rollback_to_savepoint();
    BOOST_TEST(code_of(writer->savepoint()) == storage_errc::conflict);
    BOOST_TEST(code_of(writer->commit()) == storage_errc::conflict);
    BOOST_TEST(rows(*writer, "SELECT id FROM item") == "");
    require_success(writer->begin());
    require_success(execute(*writer, insert_item, {std::int64_t{4}, "c"}));
    require_success(writer->commit());
    BOOST_TEST(rows(*writer, "SELECT id FROM item") == "4");
}

BOOST_AUTO_TEST_CASE(a_failed_write_is_an_io_error_and_the_next_commit_works) {
    const auto writer = open()->open_writer().value();
    require_success(writer->execute_script(make_items));
    require_success(execute(*writer, insert_item, {std::int64_t{1}, "kept"}));
    // Files may not grow beyond this: write() fails as on a broken disk.
    struct rlimit before {};
    ::getrlimit(RLIMIT_FSIZE, &before);
    const auto handler = ::signal(SIGXFSZ, SIG_IGN);
    const struct rlimit small { 64 * 1024, before.rlim_max };
    ::setrlimit(RLIMIT_FSIZE, &small);
    require_success(writer->begin());
    const auto inserted = execute(*writer, insert_item, {std::int64_t{2}, std::string(200'000, 'x')});
    const auto committed = writer->commit();
    ::setrlimit(RLIMIT_FSIZE, &before);
    ::signal(SIGXFSZ, handler);
    BOOST_TEST(inserted.has_value());
    BOOST_TEST(code_of(committed) == storage_errc::io);
    BOOST_TEST(rows(*writer, "SELECT id FROM item") == "1");
    require_success(execute(*writer, insert_item, {std::int64_t{3}, "after"}));
    BOOST_TEST(rows(*open()->open_reader().value(), "SELECT id FROM item ORDER BY id") == "1; 3");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(damage, file_fixture)

BOOST_AUTO_TEST_CASE(a_file_that_is_no_database_is_refused_and_left_alone) {
    const std::string letter = "Dear reader, this is a letter and not a database.\n" + std::string(5000, '.');
    write_file(options.path, letter);
    const auto opened = open_sqlite(options);
    BOOST_TEST(code_of(opened) == storage_errc::corrupt);
    BOOST_TEST(text_of(opened).find("not a database") != std::string::npos, text_of(opened));
    BOOST_TEST((read_file(options.path) == letter));
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_not_there_is_named) {
    options.path = directory.file("missing") + "/test.db";
    const auto opened = open_sqlite(options);
    BOOST_TEST(code_of(opened) == storage_errc::io);
    BOOST_TEST(text_of(opened).find(options.path) != std::string::npos, text_of(opened));
    BOOST_TEST(text_of(opened).find("No such file or directory") != std::string::npos, text_of(opened));
}

BOOST_AUTO_TEST_CASE(a_path_that_is_a_directory_is_an_io_error) {
    options.path = directory.path().string();
    BOOST_TEST(code_of(open_sqlite(options)) == storage_errc::io);
}

BOOST_AUTO_TEST_CASE(a_damaged_page_is_reported_when_it_is_read) {
    {
        const auto writer = open()->open_writer().value();
        require_success(writer->execute_script(make_items));
        require_success(writer->begin());
        for (std::int64_t id = 1; id <= 2000; ++id)
            require_success(execute(*writer, insert_item, {id, std::string(200, 'x')}));
        require_success(writer->commit());
    }
    auto bytes = read_file(options.path);
    BOOST_REQUIRE(bytes.size() > 20 * page_bytes);
    for (std::size_t page = 2; page < 20; ++page)
        bytes.replace(page * page_bytes, 64, std::string(64, '\xa5'));
    write_file(options.path, bytes);
    const auto db = open();
    for (const auto& session : {db->open_reader().value().release(), db->open_writer().value().release()}) {
        const std::unique_ptr<storage::session> owned(session);
        const auto outcome = owned->query({"item.all", "SELECT id, body FROM item"}, {}, [](const row&) {});
        BOOST_TEST(code_of(outcome) == storage_errc::corrupt);
        BOOST_TEST(text_of(outcome).find("damaged") != std::string::npos, text_of(outcome));
        BOOST_TEST(text_of(outcome).find("item.all") != std::string::npos, text_of(outcome));
    }
}

BOOST_AUTO_TEST_CASE(a_truncated_file_is_corrupt) {
    {
        const auto writer = open()->open_writer().value();
        require_success(writer->execute_script(make_items));
        for (std::int64_t id = 1; id <= 50; ++id)
            require_success(execute(*writer, insert_item, {id, std::string(2000, 'x')}));
    }
    std::filesystem::resize_file(options.path, 2 * page_bytes);
    const auto db = open_sqlite(options);
    if (db) {
        const auto writer = (*db)->open_writer().value();
        const auto outcome = writer->query({"item.all", "SELECT id, body FROM item"}, {}, [](const row&) {});
        BOOST_TEST(code_of(outcome) == storage_errc::corrupt);
    } else {
        BOOST_TEST(code_of(db) == storage_errc::corrupt);
    }
}

BOOST_AUTO_TEST_SUITE_END()
