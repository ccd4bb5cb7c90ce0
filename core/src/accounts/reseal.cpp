#include <tributary/accounts/reseal.hpp>
#include <tributary/accounts/secret_box.hpp>

#include <array>
#include <string>
#include <vector>

#include "accounts/reseal.sql.hpp"
#include "accounts/rows.hpp"
#include "accounts/seal_context.hpp"

namespace tributary::accounts {
namespace {

/// Rows of one transaction: a few milliseconds of the writer's time.
constexpr std::int64_t page_rows = 256;

struct sealed_row {
    std::string id;
    std::string context;
    std::string sealed;
};

using page_reader = result<std::vector<sealed_row>> (*)(storage::session& on, std::string_view after);

result<std::vector<sealed_row>> page_of_secrets(storage::session& on, std::string_view after) {
    std::vector<sealed_row> out;
    TRIBUTARY_TRY(
        on.query(sql::page_of_secrets, std::array<value, 2>{after, page_rows}, [&](const storage::row& row) {
            out.push_back({std::string(row.text(0)), secret_context(row.text(1), row.text(2), row.text(0)),
                           std::string(row.text(3))});
        }));
    return out;
}

result<std::vector<sealed_row>> page_of_click_keys(storage::session& on, std::string_view after) {
    std::vector<sealed_row> out;
    TRIBUTARY_TRY(on.query(sql::page_of_click_keys, std::array<value, 2>{after, page_rows},
                           [&](const storage::row& row) {
                               out.push_back({std::string(row.text(0)), click_key_context(row.text(0)),
                                              std::string(row.text(1))});
                           }));
    return out;
}

/// Ends an unfinished transaction, whichever way the work was left.
class transaction {
  public:
    explicit transaction(storage::session& on) : session_(on) {}
    ~transaction() {
        if (open_)
            session_.rollback();
    }
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;

    result<void> begin() {
        TRIBUTARY_TRY(session_.begin());
        open_ = true;
        return {};
    }
    result<void> commit() {
        open_ = false;
        return session_.commit();
    }

  private:
    storage::session& session_;
    bool open_ = false;
};

/// Goes through one table.
class resealing {
  public:
    resealing(storage::session& on, const secret_box& box, entropy& random)
        : session_(on), box_(box), random_(random) {}

    result<std::size_t> run(page_reader read_page, const storage::statement& replace) {
        std::size_t done = 0;
        std::string after;
        for (;;) {
            transaction work(session_);
            TRIBUTARY_TRY(work.begin());
            TRIBUTARY_TRY_ASSIGN(page, read_page(session_, after));
            if (page.empty())
                return done;
            std::size_t changed = 0;
            for (const sealed_row& row : page) {
                TRIBUTARY_TRY_ASSIGN(replaced, reseal(row, replace));
                changed += replaced ? 1 : 0;
            }
            TRIBUTARY_TRY(work.commit());
            done += changed;
            after = page.back().id;
        }
    }

  private:
    result<bool> reseal(const sealed_row& row, const storage::statement& replace) {
        if (box_.is_current(row.sealed))
            return false;
        auto plain = box_.open(row.sealed, row.context);
        if (!plain)
            return failure(plain.error().code, row.id);
        const std::string sealed = box_.seal(plain->reveal(), row.context, random_);
        TRIBUTARY_TRY(
            session_.execute(replace, std::array<value, 2>{storage::blob{sealed}, std::string_view(row.id)}));
        return true;
    }

    storage::session& session_;
    const secret_box& box_;
    entropy& random_;
};

} // namespace

result<std::size_t> reseal_all(storage::session& on, const secret_box& box, entropy& random) {
    resealing work(on, box, random);
    TRIBUTARY_TRY_ASSIGN(secrets, work.run(page_of_secrets, sql::replace_secret));
    TRIBUTARY_TRY_ASSIGN(click_keys, work.run(page_of_click_keys, sql::replace_click_key));
    return secrets + click_keys;
}

} // namespace tributary::accounts
