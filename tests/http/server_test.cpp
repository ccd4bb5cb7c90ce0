#include <tributary/http/server.hpp>

#include <boost/test/unit_test.hpp>

#include "http/raw_connection.hpp"
#include "http/test_server.hpp"

namespace http = tributary::http;
using namespace http::test;

namespace {

http::handler holding(held_requests& held) {
    return [&held](http::request&& message, http::responder respond) {
        held.hold(std::move(message), std::move(respond));
    };
}

const std::string get_a = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";

} // namespace

BOOST_AUTO_TEST_SUITE(http_server)

BOOST_AUTO_TEST_CASE(requests_on_one_connection_are_answered_one_after_the_other) {
    running_server server;
    raw_connection client(server.port());
    client.send("GET /x?y=1 HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto first = client.read_answer();
    BOOST_TEST(first.status == 200);
    BOOST_TEST(first.body == "GET /x?y=1 []");
    BOOST_TEST(first.field("Server") == "tributary");
    BOOST_TEST(first.field("Date").ends_with(" GMT"));
    BOOST_TEST(first.field("Content-Type") == "text/plain");
    BOOST_TEST(first.field("X-Request-Id").starts_with("req_"));
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    const auto second = client.read_answer();
    BOOST_TEST(second.body == "POST /? [hello]");
    BOOST_TEST(second.field("X-Request-Id") != first.field("X-Request-Id"));
    client.send("PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n\r\n" +
                get_a);
    BOOST_TEST(client.read_answer().body == "PUT /? [abc]");
    BOOST_TEST(client.read_answer().body == "GET /a? []");
    const auto counted = server.under_test.statistics();
    BOOST_TEST(counted.requests == 4u);
    BOOST_TEST(counted.responses_2xx == 4u);
    BOOST_TEST(counted.requests_in_flight == 0u);
    BOOST_TEST(counted.connections_open == 1u);
    BOOST_TEST(counted.connections_accepted == 1u);
}

BOOST_AUTO_TEST_CASE(a_request_may_come_byte_by_byte) {
    running_server server;
    raw_connection client(server.port());
    for (const char byte : std::string("POST /s HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok"))
        client.send(std::string_view(&byte, 1));
    BOOST_TEST(client.read_answer().body == "POST /s? [ok]");
}

BOOST_AUTO_TEST_CASE(pipelined_answers_keep_their_order_whoever_is_ready_first) {
    held_requests held;
    running_server server(holding(held));
    raw_connection client(server.port());
    std::string requests;
    for (int index = 0; index < 8; ++index)
        requests += "GET /" + std::to_string(index) + " HTTP/1.1\r\nHost: a\r\n\r\n";
    client.send(requests);
    BOOST_TEST_REQUIRE(held.wait_for(8));
    BOOST_TEST(server.under_test.statistics().requests_in_flight == 8u);
    std::vector<std::thread> threads;
    for (const std::size_t index : {7, 3, 5, 1, 6, 2, 4})
        threads.emplace_back([&held, index] { held.answer(index, text_response(std::to_string(index))); });
    for (auto& each : threads)
        each.join();
    BOOST_TEST(!client.receives_within(50)); // The first one is missing.
    held.answer(0, text_response("0"));
    for (int index = 0; index < 8; ++index)
        BOOST_TEST(client.read_answer().body == std::to_string(index));
    BOOST_TEST(server.under_test.statistics().requests_in_flight == 0u);
}

BOOST_AUTO_TEST_CASE(only_so_many_requests_are_read_ahead) {
    held_requests held;
    running_server server(holding(held), {.pipelined_max = 3});
    raw_connection client(server.port());
    for (int count = 0; count < 10; ++count)
        client.send(get_a);
    BOOST_TEST_REQUIRE(held.wait_for(3));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    BOOST_TEST(held.count() == 3u);
    for (std::size_t index = 0; index < 10; ++index) {
        BOOST_TEST_REQUIRE(held.wait_for(index + 1));
        held.answer(index, text_response(std::to_string(index)));
        BOOST_TEST(client.read_answer().body == std::to_string(index));
    }
}

BOOST_AUTO_TEST_CASE(bodies_that_await_answers_are_bounded) {
    held_requests held;
    running_server server(holding(held), {.body_bytes_max = 1000});
    raw_connection client(server.port());
    const std::string post =
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n" + std::string(900, 'x');
    for (int count = 0; count < 4; ++count)
        client.send(post);
    BOOST_TEST_REQUIRE(held.wait_for(2));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    BOOST_TEST(held.count() == 2u);
    held.answer(0, text_response("0"));
    BOOST_TEST(held.wait_for(3));
}

BOOST_AUTO_TEST_CASE(a_large_answer_reaches_a_slow_reader_whole) {
    const std::string large(8 * 1024 * 1024, 'x');
    running_server server(
        [&](http::request&&, const http::responder& respond) { respond(text_response(large)); });
    raw_connection client(server.port());
    client.send(get_a + get_a);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    BOOST_TEST((client.read_answer().body == large));
    BOOST_TEST((client.read_answer().body == large));
}

BOOST_AUTO_TEST_CASE(many_pipelined_large_answers_are_all_sent) {
    const std::string large(300 * 1024, 'x');
    running_server server(
        [&](http::request&&, const http::responder& respond) { respond(text_response(large)); });
    raw_connection client(server.port());
    std::string requests;
    for (int count = 0; count < 40; ++count)
        requests += get_a;
    client.send(requests);
    for (int count = 0; count < 40; ++count)
        BOOST_TEST_REQUIRE(client.read_answer().body.size() == large.size());
}

BOOST_AUTO_TEST_CASE(head_is_answered_without_a_body) {
    running_server server;
    raw_connection client(server.port());
    client.send("HEAD /h HTTP/1.1\r\nHost: a\r\n\r\n" + get_a);
    const auto head = client.read_answer(true);
    BOOST_TEST(head.status == 200);
    BOOST_TEST(head.field("Content-Length") == std::to_string(std::string("HEAD /h? []").size()));
    BOOST_TEST(client.read_answer().body == "GET /a? []");
}

BOOST_AUTO_TEST_CASE(a_client_that_waits_for_100_is_told_to_continue) {
    running_server server;
    raw_connection client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    BOOST_TEST(client.read_answer().status == 100);
    client.send("ok");
    BOOST_TEST(client.read_answer().body == "POST /? [ok]");
}

BOOST_AUTO_TEST_CASE(a_100_waits_for_the_answers_before_it) {
    held_requests held;
    running_server server(holding(held));
    raw_connection client(server.port());
    client.send(get_a + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    BOOST_TEST_REQUIRE(held.wait_for(1));
    BOOST_TEST(!client.receives_within(50));
    held.answer(0, text_response("first"));
    BOOST_TEST(client.read_answer().body == "first");
    BOOST_TEST(client.read_answer().status == 100);
}

BOOST_AUTO_TEST_CASE(a_refused_body_is_refused_before_100_lets_it_come) {
    running_server server(echo, {.body_bytes_max = 10});
    raw_connection client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");
    BOOST_TEST(client.read_answer().status == 413);
    BOOST_TEST(client.read_to_end() == "");
}

BOOST_AUTO_TEST_CASE(an_old_client_is_served_and_the_connection_closed) {
    running_server server;
    raw_connection client(server.port());
    client.send("GET /old HTTP/1.0\r\n\r\n");
    const auto answer = client.read_answer();
    BOOST_TEST(answer.body == "GET /old? []");
    BOOST_TEST(answer.field("Connection") == "close");
    BOOST_TEST(client.read_to_end() == "");
    raw_connection kept(server.port());
    kept.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    BOOST_TEST(kept.read_answer().field("Connection") == "keep-alive");
    kept.send(get_a);
    BOOST_TEST(kept.read_answer().status == 200);
}

BOOST_AUTO_TEST_CASE(connection_close_ends_the_connection_after_its_answer) {
    running_server server;
    raw_connection client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + get_a);
    BOOST_TEST(client.read_answer().field("Connection") == "close");
    BOOST_TEST(client.read_to_end() == "");
    BOOST_TEST(server.under_test.statistics().requests == 1u);
}

BOOST_AUTO_TEST_CASE(a_handler_may_close_the_connection) {
    running_server server([](http::request&&, const http::responder& respond) {
        respond({200, {{"Connection", "close"}}, "bye"});
    });
    raw_connection client(server.port());
    client.send(get_a);
    BOOST_TEST(client.read_answer().body == "bye");
    BOOST_TEST(client.read_to_end() == "");
}

BOOST_AUTO_TEST_CASE(who_closed_its_sending_side_still_gets_its_answers) {
    held_requests held;
    running_server server(holding(held));
    raw_connection client(server.port());
    client.send(get_a + get_a + "GET /incom");
    client.close_sending();
    BOOST_TEST_REQUIRE(held.wait_for(2));
    held.answer(1, text_response("two"));
    held.answer(0, text_response("one"));
    BOOST_TEST(client.read_answer().body == "one");
    BOOST_TEST(client.read_answer().body == "two");
    BOOST_TEST(client.read_to_end() == "");
}

BOOST_AUTO_TEST_CASE(a_throwing_handler_becomes_a_500_with_the_request_id) {
    running_server server(
        [](http::request&&, const http::responder&) { throw std::runtime_error("secret"); });
    raw_connection client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: given-1\r\n\r\n");
    const auto answer = client.read_answer();
    BOOST_TEST(answer.status == 500);
    BOOST_TEST(answer.body.find("\"request_id\":\"given-1\"") != std::string::npos);
    BOOST_TEST(answer.body.find("secret") == std::string::npos);
    BOOST_TEST(answer.field("X-Request-Id") == "given-1");
    BOOST_TEST(server.log.count("http_handler_failed") == 1u);
    client.send(get_a);
    BOOST_TEST(client.read_answer().status == 500);
}

BOOST_AUTO_TEST_CASE(a_dropped_responder_becomes_a_500) {
    held_requests held;
    running_server server(holding(held));
    raw_connection client(server.port());
    client.send(get_a + get_a);
    BOOST_TEST_REQUIRE(held.wait_for(2));
    { const auto dropped_elsewhere = held.take(0); }
    const auto answer = client.read_answer();
    BOOST_TEST(answer.status == 500);
    BOOST_TEST(answer.body.find(answer.field("X-Request-Id")) != std::string::npos);
    BOOST_TEST(server.log.count("http_request_unanswered") == 1u);
    held.answer(1, text_response("the next one is not touched"));
    BOOST_TEST(client.read_answer().status == 200);
}

BOOST_AUTO_TEST_CASE(a_responder_dropped_inside_the_handler_becomes_a_500) {
    running_server server([](http::request&&, const http::responder&) {});
    raw_connection client(server.port());
    client.send(get_a);
    BOOST_TEST(client.read_answer().status == 500);
}

BOOST_AUTO_TEST_CASE(a_second_answer_is_ignored_and_logged) {
    running_server server([](http::request&&, const http::responder& respond) {
        respond(text_response("one"));
        respond(text_response("two"));
    });
    raw_connection client(server.port());
    client.send(get_a + get_a);
    BOOST_TEST(client.read_answer().body == "one");
    BOOST_TEST(client.read_answer().body == "one");
    BOOST_TEST(server.log.count("http_answered_twice") == 2u);
}

BOOST_AUTO_TEST_CASE(an_answer_that_would_split_the_response_becomes_a_500) {
    running_server server([](http::request&& message, const http::responder& respond) {
        respond({302, {{"Location", message.path}}, ""});
    });
    raw_connection client(server.port());
    client.send("GET /a%0d%0aSet-Cookie:%20x HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto answer = client.read_answer();
    BOOST_TEST(answer.status == 500);
    BOOST_TEST(answer.head.find("Set-Cookie") == std::string::npos);
    BOOST_TEST(server.log.count("http_answer_not_sendable") == 1u);
}

BOOST_AUTO_TEST_CASE(a_well_formed_request_id_is_kept_and_another_replaced) {
    running_server server([](http::request&& message, const http::responder& respond) {
        respond(text_response(message.request_id));
    });
    raw_connection client(server.port());
    const auto id_for = [&](const std::string& given) {
        client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: " + given + "\r\n\r\n");
        const auto answer = client.read_answer();
        BOOST_TEST(answer.field("X-Request-Id") == answer.body);
        return answer.body;
    };
    BOOST_TEST(id_for("Ab-1_2.3") == "Ab-1_2.3");
    BOOST_TEST(id_for("with space").starts_with("req_"));
    BOOST_TEST(id_for(std::string(65, 'x')).starts_with("req_"));
    BOOST_TEST(id_for("").starts_with("req_"));
}

BOOST_AUTO_TEST_CASE(forwarded_fields_are_believed_from_a_trusted_proxy_only) {
    const auto tell = [](http::request&& message, const http::responder& respond) {
        respond(text_response(message.scheme + " " + message.remote_address));
    };
    const std::string forwarded = "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.9\r\n"
                                  "X-Forwarded-Proto: https\r\n\r\n";
    running_server trusting(tell, {.trusted_proxies = {"127.0.0.0/8"}});
    raw_connection proxy(trusting.port());
    proxy.send(forwarded + get_a);
    BOOST_TEST(proxy.read_answer().body == "https 203.0.113.9");
    BOOST_TEST(proxy.read_answer().body == "http 127.0.0.1");
    running_server doubting(tell, {.trusted_proxies = {"10.0.0.0/8"}});
    raw_connection stranger(doubting.port());
    stranger.send(forwarded);
    BOOST_TEST(stranger.read_answer().body == "http 127.0.0.1");
}

BOOST_AUTO_TEST_CASE(errors_of_the_server_are_rendered_as_the_embedding_wants) {
    const auto render = [](int status, std::string_view code, std::string_view, std::string_view id) {
        if (status == 413)
            throw std::runtime_error("a renderer that fails");
        return http::response{status, {}, std::string(code) + " " + std::string(id)};
    };
    running_server server(echo, {.body_bytes_max = 1}, render);
    raw_connection client(server.port());
    client.send("NONSENSE\r\n\r\n");
    const auto answer = client.read_answer();
    BOOST_TEST(answer.body == "bad_request " + answer.field("X-Request-Id"));
    raw_connection large(server.port());
    large.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n");
    BOOST_TEST(large.read_answer().body.find("body_too_large") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(several_threads_serve_several_connections) {
    running_server server(echo, {.threads = 3});
    std::vector<std::unique_ptr<raw_connection>> clients;
    for (int count = 0; count < 9; ++count)
        clients.push_back(std::make_unique<raw_connection>(server.port()));
    for (auto& client : clients)
        client->send(get_a + get_a);
    for (auto& client : clients) {
        BOOST_TEST(client->read_answer().status == 200);
        BOOST_TEST(client->read_answer().status == 200);
    }
    BOOST_TEST(server.under_test.statistics().requests == 18u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_listened_on_is_named) {
    running_server first;
    recording_logger log;
    tributary::seeded_entropy random(1);
    http::server second({.port = first.port()}, echo, log, random);
    const auto taken = second.start();
    BOOST_TEST_REQUIRE(taken.has_error());
    BOOST_TEST(taken.error().text().find("127.0.0.1 port " + std::to_string(first.port())) !=
               std::string::npos);
    http::server misnamed({.address = "nowhere"}, echo, log, random);
    BOOST_TEST(misnamed.start().error().text().find("nowhere") != std::string::npos);
    http::server doubtful({.trusted_proxies = {"10/8"}}, echo, log, random);
    BOOST_TEST(doubtful.start().error().text().find("10/8") != std::string::npos);
    BOOST_TEST(first.under_test.start().has_error());
}

BOOST_AUTO_TEST_SUITE_END()
