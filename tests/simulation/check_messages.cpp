#include "simulation/check_messages.hpp"

#include "projections/output.hpp"

namespace tributary::test {

namespace {

using storage::row;

/// Messages of this kind are about money: they are corrected.
constexpr std::string_view money_kind = "toy.payment";

std::string line_of(const row& from) {
    std::string line;
    for (int column = 0; column < from.columns(); ++column)
        line.append(from.text(column)).append("|");
    return line;
}

} // namespace

void message_log::check(const disk_reader& disk) {
    std::size_t index = 0;
    disk.query(
        "SELECT message_id, workspace_id, environment, kind, message_key, revision, at, body FROM message "
        "ORDER BY message_id",
        [&](const row& from) {
            std::string line = line_of(from);
            if (index < lines_.size()) {
                if (lines_[index] != line)
                    throw broken_promise("promise 3: what was told as " + lines_[index] + " is now " + line);
                ++index;
                return;
            }
            const key name{
                {from.integer(1), from.integer(2)}, std::string(from.text(3)), std::string(from.text(4))};
            const told fresh{from.integer(5), std::string(from.text(7))};
            const auto before = latest_.find(name);
            const bool follows = before == latest_.end() ? fresh.revision == 0
                                                         : fresh.revision == before->second.revision + 1 &&
                                                               fresh.body != before->second.body &&
                                                               std::get<1>(name) == money_kind;
            if (!follows)
                throw broken_promise("promise 2: told again, and nothing has changed: " + line);
            latest_[name] = fresh;
            lines_.push_back(std::move(line));
            ++index;
        });
    if (index < lines_.size())
        throw broken_promise("promise 4: what was told is not there any more: " + lines_[index]);
}

void message_log::check_complete(const disk_reader& disk) const {
    disk.query("SELECT workspace_id, environment, state FROM derivation", [&](const row& from) {
        const auto state = must(projections::fold_state::parse(from.text(2)));
        for (const auto& [kind_and_key, digest] : state.messages) {
            const auto& [kind, message_key] = kind_and_key;
            const auto known = latest_.find({{from.integer(0), from.integer(1)}, kind, message_key});
            if (known == latest_.end())
                throw broken_promise("promise 4: nobody was told of " + kind + " " + message_key);
            if (kind == money_kind && projections::digest_of(std::string_view(known->second.body)) != digest)
                throw broken_promise("promise 4: the last word about " + message_key + " is " +
                                     known->second.body);
        }
    });
}

} // namespace tributary::test
