#include <tributary/http/client.hpp>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "http/awaited_client.hpp"
#include "http/raw_connection.hpp"

namespace http = tributary::http;
namespace bdata = boost::unit_test::data;
using namespace http::test;
using http::client_errc;

namespace {

/// Answers one client with fixed bytes and closes; keeps what the client sent.
class scripted_peer {
  public:
    explicit scripted_peer(std::string answer)
        : thread_([this, bytes = std::move(answer)] {
              const int socket = listener_.accept();
              if (socket < 0)
                  return;
              raw_connection connection(socket);
              received_ = connection.read_past("\r\n\r\n");
              connection.send(bytes);
              connection.close_sending();
              connection.read_to_end();
          }) {}
    ~scripted_peer() { join(); }
    std::string url(const std::string& path = "/") const { return local_url(listener_.port(), path); }
    const std::string& received() {
        join();
        return received_;
    }

  private:
    void join() {
        if (thread_.joinable())
            thread_.join();
    }
    raw_listener listener_;
    std::string received_;
    std::thread thread_;
};

http::client_request get(std::string url, int deadline_ms = 60'000) {
    http::client_request request;
    request.url = std::move(url);
    request.deadline_ms = deadline_ms;
    return request;
}

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

} // namespace

BOOST_AUTO_TEST_SUITE(http_client)

BOOST_AUTO_TEST_CASE(a_request_reaches_a_server_and_its_answer_comes_back) {
    running_server server([](http::request&& message, const http::responder& respond) {
        respond({201,
                 {{"Seen", message.header_value("X-A").data()}, {"Two", "1"}, {"Two", "2"}},
                 message.method + message.target + message.body +
                     std::string(message.header_value("user-agent"))});
    });
    awaited_client client;
    const auto answer = client.send({"POST", local_url(server.port(), "/p?q=%20#f"), {{"X-A", "b"}}, "{}"});
    BOOST_TEST_REQUIRE(answer.has_value());
    BOOST_TEST(answer->status == 201);
    BOOST_TEST(answer->body == "POST/p?q=%20{}tributary");
    BOOST_TEST(http::find_header(answer->headers, "seen") == "b");
    BOOST_TEST(std::ranges::count(answer->headers, "Two", &http::header::name) == 2);
}

BOOST_AUTO_TEST_CASE(the_request_is_framed_by_the_client_alone) {
    scripted_peer peer(ok);
    awaited_client client;
    auto request = get(peer.url("?x"));
    request.headers = {
        {"Host", "forged"}, {"content-length", "99"}, {"Transfer-Encoding", "chunked"}, {"A", "b"}};
    BOOST_TEST(client.send(std::move(request)).has_value());
    const std::string authority = peer.url("").substr(7);
    BOOST_TEST(peer.received() == "GET /?x HTTP/1.1\r\nHost: " + authority +
                                      "\r\nConnection: close\r\nA: b\r\nUser-Agent: tributary\r\n\r\n");
}

struct scripted_answer {
    std::string_view bytes;
    std::string_view body;
};
std::ostream& operator<<(std::ostream& out, const scripted_answer& sample) {
    return out << sample.bytes;
}

const scripted_answer good_answers[] = {
    {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok"},
    {"HTTP/1.1 200 OK\r\n\r\nuntil the end", "until the end"},
    {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "ok"},
    {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\nHTTP/1.1 200 "
     "OK\r\nContent-Length: "
     "1\r\n\r\nx",
     "x"},
    {"HTTP/1.0 302 Found\r\nLocation: https://elsewhere/\r\nContent-Length: 0\r\n\r\n", ""},
    {"HTTP/1.1 204 No Content\r\n\r\n", ""},
};

BOOST_DATA_TEST_CASE(answers_of_every_framing_are_read, bdata::make(good_answers), sample) {
    scripted_peer peer{std::string(sample.bytes)};
    awaited_client client;
    const auto answer = client.send(get(peer.url()));
    BOOST_TEST_REQUIRE(answer.has_value());
    BOOST_TEST(answer->body == sample.body);
}

BOOST_DATA_TEST_CASE(truncated_and_malformed_answers_are_not_taken_for_answers,
                     bdata::make({"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Len",
                                  "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
                                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
                                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                                  "SSH-2.0-hello\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                                  "HTTP/1.1 100 Continue\r\n\r\n"}),
                     bytes) {
    scripted_peer peer(bytes);
    awaited_client client;
    BOOST_TEST(client.failure_of(get(peer.url())) == client_errc::malformed);
}

BOOST_AUTO_TEST_CASE(endless_interim_answers_are_not_read_forever) {
    std::string interim;
    for (int count = 0; count < 100; ++count)
        interim += "HTTP/1.1 100 Continue\r\n\r\n";
    scripted_peer peer(interim + ok);
    awaited_client client;
    BOOST_TEST(client.failure_of(get(peer.url())) == client_errc::malformed);
}

BOOST_DATA_TEST_CASE(
    an_answer_over_the_limit_is_refused_in_every_framing,
    bdata::make({"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n0123456789a",
                 "HTTP/1.1 200 OK\r\n\r\n0123456789a",
                 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n0123456789a\r\n0\r\n\r\n"}),
    bytes) {
    scripted_peer peer(bytes);
    awaited_client client;
    auto request = get(peer.url());
    request.body_bytes_max = 10;
    BOOST_TEST(client.failure_of(std::move(request)) == client_errc::too_large);
}

BOOST_AUTO_TEST_CASE(an_answer_of_exactly_the_limit_is_taken) {
    scripted_peer peer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789");
    awaited_client client;
    auto request = get(peer.url());
    request.body_bytes_max = 10;
    BOOST_TEST(client.send(std::move(request)).has_value());
}

BOOST_AUTO_TEST_CASE(the_answer_to_head_has_no_body) {
    running_server server;
    awaited_client client;
    auto request = get(local_url(server.port()));
    request.method = "HEAD";
    const auto answer = client.send(std::move(request));
    BOOST_TEST_REQUIRE(answer.has_value());
    BOOST_TEST(answer->body == "");
}

BOOST_DATA_TEST_CASE(what_is_no_url_for_us_is_refused,
                     bdata::make({"", "/path", "ftp://127.0.0.1/", "http://", "http:///x",
                                  "http://a@127.0.0.1/", "http://127.0.0.1:99999/", "http://127.0.0.1:0/",
                                  "http://127.0.0.1/a b", "http://127.0.0.1/\r\nX: y", "http://127.0.0.1%0a/",
                                  "//127.0.0.1/", "http://127.0.0.1:80:80/"}),
                     url) {
    awaited_client client;
    BOOST_TEST(client.failure_of(get(url)) == client_errc::bad_url);
}

BOOST_AUTO_TEST_CASE(what_would_split_the_request_is_refused) {
    awaited_client client;
    auto split = get("http://127.0.0.1:1/");
    split.headers = {{"A", "b\r\nC: d"}};
    BOOST_TEST(client.failure_of(split) == client_errc::bad_request);
    split.headers = {{"A b", "c"}};
    BOOST_TEST(client.failure_of(split) == client_errc::bad_request);
    split.headers.clear();
    split.method = "GET /x";
    BOOST_TEST(client.failure_of(split) == client_errc::bad_request);
}

BOOST_AUTO_TEST_CASE(plain_http_goes_to_the_listed_hosts_only) {
    running_server server;
    awaited_client client({.ca_file = "", .plain_http_hosts = {"localhost"}});
    BOOST_TEST(client.failure_of(get(local_url(server.port()))) == client_errc::not_allowed);
    BOOST_TEST(client.send(get("http://LOCALHOST:" + std::to_string(server.port()) + "/")).has_value());
    BOOST_TEST(server.under_test.statistics().requests == 1u);
}

BOOST_AUTO_TEST_CASE(internal_addresses_can_be_refused_behind_names_too) {
    running_server server;
    awaited_client client(
        {.ca_file = "", .plain_http_hosts = {"127.0.0.1", "localhost"}, .internal_addresses_allowed = false});
    BOOST_TEST(client.failure_of(get(local_url(server.port()))) == client_errc::not_allowed);
    BOOST_TEST(client.failure_of(get("http://localhost:" + std::to_string(server.port()) + "/")) ==
               client_errc::not_allowed);
    BOOST_TEST(server.under_test.statistics().connections_accepted == 0u);
}

BOOST_AUTO_TEST_CASE(a_name_that_does_not_exist_is_reported_as_such) {
    awaited_client client({.ca_file = "", .plain_http_hosts = {"name.invalid"}});
    const auto code = client.failure_of(get("http://name.invalid/", 3000));
    // Without any name server the resolver may use up the deadline.
    BOOST_TEST((code == client_errc::resolve_failed || code == client_errc::timed_out));
}

BOOST_AUTO_TEST_CASE(a_closed_port_is_no_connection) {
    std::uint16_t port = 0;
    {
        const raw_listener gone;
        port = gone.port();
    }
    awaited_client client;
    BOOST_TEST(client.failure_of(get(local_url(port))) == client_errc::connect_failed);
}

BOOST_AUTO_TEST_CASE(the_deadline_ends_a_silent_server) {
    const raw_listener silent;
    awaited_client client;
    const auto since = std::chrono::steady_clock::now();
    BOOST_TEST(client.failure_of(get(local_url(silent.port()), 100)) == client_errc::timed_out);
    const auto took = std::chrono::steady_clock::now() - since;
    BOOST_TEST((took >= std::chrono::milliseconds(95) && took < std::chrono::seconds(3)));
}

BOOST_AUTO_TEST_CASE(the_deadline_ends_a_server_that_trickles) {
    raw_listener listener;
    std::thread trickling([&] {
        raw_connection connection(listener.accept());
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        while (connection.send("x"))
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
    });
    awaited_client client;
    BOOST_TEST(client.failure_of(get(local_url(listener.port()), 150)) == client_errc::timed_out);
    trickling.join();
}

BOOST_AUTO_TEST_CASE(requests_beyond_the_concurrency_wait_their_turn) {
    held_requests held;
    running_server server([&](http::request&& message, http::responder respond) {
        held.hold(std::move(message), std::move(respond));
    });
    awaited_client client({.ca_file = "", .plain_http_hosts = {"127.0.0.1"}, .concurrent_max = 2});
    std::vector<std::future<tributary::result<http::response>>> outcomes;
    for (int count = 0; count < 4; ++count)
        outcomes.push_back(client.start(get(local_url(server.port()))));
    BOOST_TEST_REQUIRE(held.wait_for(2));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    BOOST_TEST(held.count() == 2u);
    for (std::size_t index = 0; index < 4; ++index) {
        BOOST_TEST_REQUIRE(held.wait_for(index + 1));
        held.answer(index, text_response("x"));
    }
    for (auto& outcome : outcomes)
        BOOST_TEST(outcome.get().has_value());
}

BOOST_AUTO_TEST_CASE(a_request_that_waits_for_its_turn_keeps_its_deadline) {
    const raw_listener silent;
    awaited_client client({.ca_file = "", .plain_http_hosts = {"127.0.0.1"}, .concurrent_max = 1});
    auto slow = client.start(get(local_url(silent.port()), 60'000));
    BOOST_TEST(client.failure_of(get(local_url(silent.port()), 100)) == client_errc::timed_out);
    BOOST_TEST((slow.wait_for(std::chrono::seconds(0)) == std::future_status::timeout));
}

BOOST_AUTO_TEST_CASE(destroying_the_client_completes_what_is_outstanding) {
    const raw_listener silent;
    auto client = std::make_unique<awaited_client>(
        http::client_options{.ca_file = "", .plain_http_hosts = {"127.0.0.1"}, .concurrent_max = 2});
    std::vector<std::future<tributary::result<http::response>>> outcomes;
    for (int count = 0; count < 5; ++count)
        outcomes.push_back(client->start(get(local_url(silent.port()))));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    client.reset();
    for (auto& outcome : outcomes)
        BOOST_TEST(outcome.get().error().code == client_errc::stopped);
}

BOOST_AUTO_TEST_CASE(a_completion_comes_later_and_may_send_again) {
    running_server server;
    awaited_client client;
    std::atomic<bool> sending = true;
    std::promise<std::pair<bool, int>> done;
    const auto bad = get("nonsense");
    client.under_test->send(bad, [&](tributary::result<http::response>) {
        while (sending) // Would never end inside send().
            std::this_thread::yield();
        client.under_test->send(get(local_url(server.port())), [&](tributary::result<http::response> second) {
            done.set_value({sending, second ? second->status : 0});
        });
    });
    sending = false;
    BOOST_TEST(done.get_future().get().second == 200);
}

BOOST_AUTO_TEST_CASE(a_completion_that_throws_is_logged_and_ends_nothing) {
    running_server server;
    awaited_client client;
    client.under_test->send(get("nonsense"),
                            [](tributary::result<http::response>) { throw std::runtime_error("x"); });
    BOOST_TEST(client.send(get(local_url(server.port()))).has_value());
    BOOST_TEST(client.log.count("http_completion_failed") == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
