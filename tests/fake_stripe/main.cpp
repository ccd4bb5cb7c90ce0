// fake_stripe: Stripe's API on this machine, until it is told to end. See README.md.
#include <algorithm>
#include <charconv>
#include <csignal>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <stdexcept>

#include "fake_stripe/fake_stripe.hpp"

namespace {

using namespace tributary::fake_stripe;

constexpr std::string_view help =
    "fake_stripe [--port N] [--account ACCT] [--key KEY]... [--live] [--api-version V]\n"
    "            [--data FILE]... [--deny RIGHT]... [--customers N] [--subscriptions N] [--invoices N]\n"
    "            [--charges N] [--events N] [--products N]\n";

struct arguments {
    options how;
    std::vector<std::string> files;
    std::vector<std::string> denied;
    std::vector<std::pair<std::string, std::size_t>> made_up;
};

std::size_t number(const std::string& text) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        throw std::invalid_argument("not a number: " + text);
    return value;
}

arguments parse(const std::vector<std::string>& given) {
    arguments made;
    std::vector<std::string> keys;
    for (std::size_t at = 0; at < given.size(); ++at) {
        const std::string& name = given[at];
        if (name == "--live") {
            made.how.livemode = true;
            continue;
        }
        if (at + 1 == given.size())
            throw std::invalid_argument(name + " needs a value");
        const std::string& value = given[++at];
        if (name == "--port")
            made.how.port = static_cast<std::uint16_t>(number(value));
        else if (name == "--account")
            made.how.account = value;
        else if (name == "--key")
            keys.push_back(value);
        else if (name == "--api-version")
            made.how.api_version = value;
        else if (name == "--data")
            made.files.push_back(value);
        else if (name == "--deny")
            made.denied.push_back(value);
        else if (name.starts_with("--") && is_collection(name.substr(2)))
            made.made_up.emplace_back(name.substr(2), number(value));
        else
            throw std::invalid_argument("what is " + name + "?");
    }
    if (!keys.empty())
        made.how.keys = std::move(keys);
    return made;
}

void run(const arguments& given) {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr); // Before there are threads: they leave the signals to us.
    fake api(given.how);
    for (const std::string& name : given.files) {
        std::ifstream file(name, std::ios::binary);
        if (!file)
            throw std::runtime_error(name + " cannot be opened");
        api.put(std::string(std::istreambuf_iterator<char>(file), {}));
    }
    for (const std::string& right : given.denied)
        api.deny(right);
    for (const auto& [collection, count] : given.made_up)
        api.generate(collection, count);
    std::cout << "listening on 127.0.0.1:" << api.port() << std::endl; // Flushed: somebody waits for it.
    int signal = 0;
    sigwait(&ends, &signal);
}

} // namespace

int main(int count, char** given) {
    const std::vector<std::string> all(given + 1, given + count);
    if (std::ranges::find(all, "--help") != all.end()) {
        std::cout << help;
        return 0;
    }
    try {
        run(parse(all));
    } catch (const std::exception& wrong) {
        std::cerr << "fake_stripe: " << wrong.what() << "\n" << help;
        return 2;
    }
}
