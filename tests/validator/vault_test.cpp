// The guard behind an input and its end are seen from a child: it must die of what this one may do.
#include <tributary/abi/provider.h>

#include <boost/test/unit_test.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include "validator/vault.hpp"

using namespace tributary::validator;

namespace {

/// What a child that runs `work` under a scene reports; empty when it came to its end.
template <class Work> std::string report_of(Work work) {
    int ends[2];
    BOOST_REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        scene at;
        at.install(ends[1], "a.test");
        work(at);
        ::_exit(0);
    }
    ::close(ends[1]);
    std::string text;
    std::array<char, 512> buffer;
    for (ssize_t got; (got = ::read(ends[0], buffer.data(), buffer.size())) > 0;)
        text.append(buffer.data(), static_cast<std::size_t>(got));
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    return text;
}

char read_at(const char* data, std::size_t index) {
    return *static_cast<const volatile char*>(data + index);
}

} // namespace

BOOST_AUTO_TEST_SUITE(vaults)

BOOST_AUTO_TEST_CASE(what_is_lent_can_be_read_to_its_end_and_no_further) {
    BOOST_TEST(report_of([](scene& at) {
                   vault lent(at, "verify");
                   const trb_str text = lent.text("hello", "the text");
                   for (std::size_t index = 0; index < 5; ++index)
                       static_cast<void>(read_at(text.data, index));
               }) == "");
    const std::string past = report_of([](scene& at) {
        vault lent(at, "verify");
        static_cast<void>(read_at(lent.text("hello", "the text").data, 5));
    });
    BOOST_TEST(past.find("reads past the end of the text in verify") != std::string::npos, past);
    const std::string empty = report_of([](scene& at) {
        vault lent(at, "verify");
        static_cast<void>(read_at(lent.text("", "the empty text").data, 0));
    });
    BOOST_TEST(empty.find("the empty text") != std::string::npos, empty);
}

BOOST_AUTO_TEST_CASE(after_the_call_nothing_can_be_read) {
    const std::string after = report_of([](scene& at) {
        trb_str kept;
        {
            vault lent(at, "normalise");
            kept = lent.text("hello", "the text");
        }
        static_cast<void>(read_at(kept.data, 0));
    });
    BOOST_TEST(after.find("reads the text after normalise returned: it kept a view") != std::string::npos,
               after);
    const std::string packed = report_of([](scene& at) {
        at.pack_small_inputs();
        trb_str kept;
        {
            vault lent(at, "normalise");
            kept = lent.text("hello", "the text");
        }
        static_cast<void>(read_at(kept.data, 0));
    });
    BOOST_TEST(packed.find("after normalise returned") != std::string::npos, packed);
}

BOOST_AUTO_TEST_CASE(a_struct_of_the_future_is_longer_and_says_so) {
    scene at;
    vault lent(at, "verify", true);
    const trb_secret secret{{"a", 1}, {"b", 1}};
    trb_connection connection{};
    connection.environment = TRB_SANDBOX;
    connection.secrets = lent.frozen(std::span<const trb_secret>(&secret, 1), "the secrets");
    const trb_connection* made = lent.put(connection, "the connection");
    BOOST_TEST(made->struct_size == lent.stride<trb_connection>());
    BOOST_TEST(made->struct_size > sizeof(trb_connection));
    BOOST_TEST(made->environment == TRB_SANDBOX);
    BOOST_TEST(made->secrets->name.size == 1u);
}

BOOST_AUTO_TEST_CASE(thousands_of_calls_keep_a_bounded_number_of_mappings) {
    scene at;
    for (int call = 0; call < 10'000; ++call) {
        vault lent(at, "verify");
        const std::string body(static_cast<std::size_t>(call % 5000), 'x');
        BOOST_TEST_REQUIRE(lent.text(body, "the body").size == body.size());
    }
}

BOOST_AUTO_TEST_SUITE_END()
