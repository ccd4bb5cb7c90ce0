// Goal: every limit and every timeout of server_options ends what it should end, and nothing else.
// Method: tiny values and clients that misbehave in one way each.
#include <tributary/http/server.hpp>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>

#include "http/raw_connection.hpp"
#include "http/smuggling_samples.hpp"
#include "http/test_server.hpp"

namespace http = tributary::http;
namespace bdata = boost::unit_test::data;
using namespace http::test;

namespace {

const std::string get_a = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";

int elapsed_ms(std::chrono::steady_clock::time_point since) {
    using namespace std::chrono;
    return static_cast<int>(duration_cast<milliseconds>(steady_clock::now() - since).count());
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_server_limits)

BOOST_AUTO_TEST_CASE(a_body_over_the_limit_is_refused_by_its_length_alone) {
    running_server server(echo, {.body_bytes_max = 10});
    raw_connection within(server.port());
    within.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789");
    BOOST_TEST(within.read_answer().status == 200);
    raw_connection over(server.port());
    over.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n");
    const auto answer = over.read_answer();
    BOOST_TEST(answer.status == 413);
    BOOST_TEST(answer.field("Connection") == "close");
    BOOST_TEST(over.read_to_end() == "");
}

BOOST_AUTO_TEST_CASE(a_refused_body_that_still_comes_does_not_destroy_the_answer) {
    running_server server(echo, {.body_bytes_max = 10});
    raw_connection client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n");
    client.send(std::string(4'000'000, 'x'));
    BOOST_TEST(client.read_answer().status == 413);
    BOOST_TEST(server.under_test.statistics().requests == 0u);
}

BOOST_AUTO_TEST_CASE(a_chunked_body_is_refused_when_it_passes_the_limit) {
    running_server server(echo, {.body_bytes_max = 10});
    const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    raw_connection within(server.port());
    within.send(head + "5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n");
    BOOST_TEST(within.read_answer().status == 200);
    raw_connection over(server.port());
    over.send(head + "5\r\n01234\r\n6\r\n");
    BOOST_TEST(over.read_answer().status == 413);
    BOOST_TEST(over.read_to_end() == "");
}

BOOST_AUTO_TEST_CASE(headers_over_the_limit_are_refused_before_they_end) {
    running_server server(echo, {.header_bytes_max = 1000});
    const std::string start = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
    raw_connection within(server.port());
    within.send(start + std::string(1000 - start.size() - 4, 'x') + "\r\n\r\n");
    BOOST_TEST(within.read_answer().status == 200);
    raw_connection over(server.port());
    over.send(start + std::string(1000 - start.size(), 'x'));
    BOOST_TEST(over.read_answer().status == 431);
    BOOST_TEST(over.read_to_end() == "");
    raw_connection large(server.port());
    large.send(start + std::string(1000 - start.size() - 3, 'x') + "\r\n\r\n");
    BOOST_TEST(large.read_answer().status == 431);
}

BOOST_AUTO_TEST_CASE(a_client_that_trickles_its_headers_is_cut_off) {
    running_server server(echo, {.header_timeout_ms = 150});
    raw_connection client(server.port());
    const auto since = std::chrono::steady_clock::now();
    client.send("GET / HTTP/1.1\r\n");
    for (int count = 0; count < 500 && !client.receives_within(20); ++count) {
        if (!client.send("X: y\r\n"))
            break;
    }
    BOOST_TEST(client.read_answer().status == 408);
    BOOST_TEST(client.read_to_end() == "");
    BOOST_TEST(elapsed_ms(since) >= 140);
    BOOST_TEST(elapsed_ms(since) < 30'000);
    BOOST_TEST(server.under_test.statistics().timeouts == 1u);
}

BOOST_AUTO_TEST_CASE(a_client_that_trickles_its_body_is_cut_off) {
    running_server server(echo, {.body_timeout_ms = 150});
    raw_connection client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
    for (int count = 0; count < 500 && !client.receives_within(20); ++count) {
        if (!client.send("x"))
            break;
    }
    BOOST_TEST(client.read_answer().status == 408);
    BOOST_TEST(client.read_to_end() == "");
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_closed_and_a_busy_one_is_not) {
    held_requests held;
    running_server server([&](http::request&& message,
                              http::responder respond) { held.hold(std::move(message), std::move(respond)); },
                          {.idle_timeout_ms = 400});
    raw_connection silent(server.port());
    raw_connection busy(server.port());
    busy.send(get_a);
    BOOST_TEST(silent.ends_within(30'000));
    BOOST_TEST_REQUIRE(held.wait_for(1));
    BOOST_TEST(!busy.receives_within(800));
    held.answer(0, text_response("late"));
    BOOST_TEST(busy.read_answer().body == "late");
    BOOST_TEST(busy.ends_within(30'000));
}

BOOST_AUTO_TEST_CASE(a_handler_that_never_answers_costs_a_503_for_its_request_only) {
    held_requests held;
    running_server server([&](http::request&& message,
                              http::responder respond) { held.hold(std::move(message), std::move(respond)); },
                          {.response_timeout_ms = 1000});
    raw_connection client(server.port());
    client.send(get_a + get_a);
    BOOST_TEST_REQUIRE(held.wait_for(2));
    held.answer(1, text_response("second"));
    BOOST_TEST(client.read_answer().status == 503);
    BOOST_TEST(client.read_answer().body == "second");
    held.answer(0, text_response("too late"));
    client.send(get_a);
    BOOST_TEST_REQUIRE(held.wait_for(3));
    held.answer(2, text_response("third"));
    BOOST_TEST(client.read_answer().body == "third");
    BOOST_TEST(server.under_test.statistics().timeouts == 1u);
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_take_its_answer_is_cut_off) {
    const std::string large(8 * 1024 * 1024, 'x'); // Twice what the kernel buffers.
    running_server server(
        [&](http::request&&, const http::responder& respond) { respond(text_response(large)); },
        {.write_timeout_ms = 150});
    raw_connection client(server.port());
    client.shrink_receive_buffer();
    client.send(get_a);
    BOOST_TEST(
        server.eventually([](const auto& now) { return now.timeouts == 1 && now.connections_open == 0; }));
}

BOOST_AUTO_TEST_CASE(a_connection_too_many_gets_a_503) {
    running_server server(echo, {.connections_max = 2});
    raw_connection first(server.port());
    auto second = std::make_unique<raw_connection>(server.port());
    first.send(get_a);
    second->send(get_a);
    BOOST_TEST(first.read_answer().status == 200);
    BOOST_TEST(second->read_answer().status == 200);
    raw_connection third(server.port());
    third.send(get_a);
    BOOST_TEST(third.read_answer().status == 503);
    BOOST_TEST(third.read_to_end() == "");
    BOOST_TEST(server.under_test.statistics().connections_refused == 1u);
    second.reset();
    BOOST_TEST(server.eventually([](const auto& now) { return now.connections_open == 1; }));
    raw_connection fourth(server.port());
    fourth.send(get_a);
    BOOST_TEST(fourth.read_answer().status == 200);
}

BOOST_DATA_TEST_CASE(ambiguous_bytes_are_answered_once_and_end_the_connection,
                     bdata::make(smuggling_samples()), sample) {
    running_server server;
    raw_connection client(server.port());
    client.send(get_a + sample.bytes);
    BOOST_TEST(client.read_answer().status == 200); // What came before is answered.
    BOOST_TEST(client.read_answer().status == sample.status);
    BOOST_TEST(client.read_to_end() == "");
    const auto counted = server.under_test.statistics();
    BOOST_TEST(counted.requests == 1u);
    BOOST_TEST(counted.malformed == 1u);
}

BOOST_AUTO_TEST_CASE(stopping_lets_requests_in_flight_finish_and_closes_idle_connections) {
    held_requests held;
    running_server server([&](http::request&& message, http::responder respond) {
        held.hold(std::move(message), std::move(respond));
    });
    raw_connection idle(server.port());
    raw_connection working(server.port());
    working.send(get_a + get_a);
    BOOST_TEST_REQUIRE(held.wait_for(2));
    const auto since = std::chrono::steady_clock::now();
    std::thread stopping([&] { server.under_test.stop(60'000); });
    BOOST_TEST(idle.ends_within(30'000));
    BOOST_TEST(!working.receives_within(50));
    held.answer(0, text_response("first"));
    held.answer(1, text_response("second"));
    const auto first = working.read_answer();
    const auto second = working.read_answer();
    BOOST_TEST(first.body == "first");
    BOOST_TEST(second.body == "second");
    BOOST_TEST(second.field("Connection") == "close");
    BOOST_TEST(working.read_to_end() == "");
    stopping.join();
    BOOST_TEST(elapsed_ms(since) < 30'000);
    BOOST_CHECK_THROW(raw_connection late(server.port()), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(stopping_finishes_a_request_that_has_begun) {
    running_server server;
    raw_connection client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    BOOST_TEST(client.read_answer().status == 100);
    std::thread stopping([&] { server.under_test.stop(60'000); });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    client.send("done");
    const auto answer = client.read_answer();
    BOOST_TEST(answer.body == "POST /? [done]");
    BOOST_TEST(answer.field("Connection") == "close");
    BOOST_TEST(client.read_to_end() == "");
    stopping.join();
}

BOOST_AUTO_TEST_CASE(stopping_does_not_wait_longer_than_its_grace) {
    held_requests held;
    running_server server([&](http::request&& message, http::responder respond) {
        held.hold(std::move(message), std::move(respond));
    });
    raw_connection client(server.port());
    client.send(get_a);
    BOOST_TEST_REQUIRE(held.wait_for(1));
    const auto since = std::chrono::steady_clock::now();
    server.under_test.stop(100);
    BOOST_TEST(elapsed_ms(since) >= 95);
    BOOST_TEST(elapsed_ms(since) < 30'000);
    BOOST_TEST(client.read_to_end() == "");
    held.answer(0, text_response("nobody is there")); // Must be harmless.
}

BOOST_AUTO_TEST_CASE(an_answer_after_the_end_of_the_server_is_harmless) {
    held_requests held;
    {
        running_server server([&](http::request&& message, http::responder respond) {
            held.hold(std::move(message), std::move(respond));
        });
        raw_connection client(server.port());
        client.send(get_a + get_a);
        BOOST_TEST_REQUIRE(held.wait_for(2));
    }
    const auto twice = held.take(0);
    twice(text_response("one"));
    twice(text_response("two"));
    { const auto dropped = held.take(1); }
    BOOST_TEST(held.count() == 2u);
}

BOOST_AUTO_TEST_CASE(clients_that_vanish_leave_nothing_behind) {
    held_requests held;
    running_server server([&](http::request&& message, http::responder respond) {
        held.hold(std::move(message), std::move(respond));
    });
    for (int count = 0; count < 20; ++count) {
        raw_connection client(server.port());
        client.send(get_a + "GET /half");
    }
    BOOST_TEST_REQUIRE(held.wait_for(20));
    for (std::size_t index = 0; index < 20; ++index)
        held.answer(index, text_response("nobody listens"));
    BOOST_TEST(server.eventually(
        [](const auto& now) { return now.connections_open == 0 && now.requests_in_flight == 0; }));
}

BOOST_AUTO_TEST_SUITE_END()
