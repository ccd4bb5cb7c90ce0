// Instances and generations: who is called, and until when.
#include <boost/test/unit_test.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include "plugin_files/fixture.hpp"

using namespace tributary;
using namespace tributary::test;
using plugins::plugin_errc;
using plugins::plugin_ptr;

namespace {

/// What a plugin's process says about itself, true or not.
class fake_process final : public plugins::remote {
  public:
    explicit fake_process(const plugins::manifest& says) : says_(says) {
        said_.struct_size = sizeof said_;
        said_.magic = TRB_ABI_MAGIC;
        said_.abi_major = TRB_ABI_MAJOR;
        said_.abi_minor = TRB_ABI_MINOR;
        said_.id = plugins::view(std::string_view(says_.id));
        said_.short_name = plugins::view(std::string_view(says_.short_name));
        said_.version = plugins::view(std::string_view(says_.version));
        said_.vendor = plugins::view(std::string_view(says_.vendor));
        said_.create = [](const trb_host*, trb_str, const trb_error_sink*, void**) noexcept {
            return trb_status{TRB_UNSUPPORTED};
        };
        said_.start = [](void*, const trb_error_sink*) noexcept { return trb_status{TRB_UNSUPPORTED}; };
        said_.stop = said_.destroy = [](void*) noexcept {};
        said_.get_extension = [](trb_str) noexcept -> const void* { return nullptr; };
    }
    const trb_plugin& descriptor() const noexcept override { return said_; }
    const void* extension(std::string_view) const noexcept override { return nullptr; }
    void* self() const noexcept override { return const_cast<trb_plugin*>(&said_); }
    std::string condition() const override { return "fake"; }

  private:
    plugins::manifest says_;
    trb_plugin said_{};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(sets_of_plugins, plugin_folder)

BOOST_AUTO_TEST_CASE(a_plugin_without_tables_may_have_several_instances) {
    const auto toy = copy("toy");
    const plugin_ptr first = set.load(request(toy)).value();
    const plugin_ptr second = set.load(request(toy, "toy2")).value();
    BOOST_TEST(first->self() != second->self());
    BOOST_TEST(second->name() == "toy2");
    BOOST_TEST(second->short_name() == "toy");
    BOOST_TEST((set.find("toy2") == second));
    BOOST_TEST(set.all().size() == 2u);
    BOOST_TEST((failure_of(set.load(request(toy, "toy2"))).code == plugin_errc::duplicate));
    BOOST_TEST((failure_of(set.load(request(toy, "no-name"))).code == plugin_errc::bad_config));
}

BOOST_AUTO_TEST_CASE(a_plugin_with_tables_has_one) {
    const auto fold = copy("toyfold");
    set.load(request(fold)).value();
    const failure why = failure_of(set.load(request(fold, "other")));
    BOOST_TEST((why.code == plugin_errc::duplicate));
    BOOST_TEST(has_all(why.text(), {"'other' and 'toyfold'", "tables or routes"}));
}

BOOST_AUTO_TEST_CASE(a_configuration_against_the_schema_is_refused_before_anything_is_loaded) {
    auto toy = copy("toy");
    toy.says.config_schema = R"({"additionalProperties":false})";
    auto asked = request(toy);
    asked.config_json = R"({"colour":"red"})";
    const failure why = failure_of(set.load(asked));
    BOOST_TEST((why.code == plugin_errc::bad_config));
    BOOST_TEST(has_all(why.text(), {"[plugin.toy]", "'colour'"}));
}

BOOST_AUTO_TEST_CASE(the_next_generation_takes_over_and_the_old_one_ends_when_nobody_holds_it) {
    set.set_generations(path("generations"));
    plugin_ptr old = set.load(request(copy("toyfold"))).value();
    const std::weak_ptr<const plugins::plugin> watched = old;
    BOOST_TEST(old->projection->fold_version == 1u);
    const plugin_ptr next = set.prepare(request(copy("toyfold", TRIBUTARY_TOYS_NEXT))).value();
    BOOST_TEST((set.find("toyfold") == old)); // Not yet.
    BOOST_TEST(next->generation() == 2u);
    BOOST_TEST(next->projection->fold_version == 2u);
    set.replace(next);
    BOOST_TEST((set.find("toyfold") == next));
    BOOST_TEST(set.all().size() == 1u);
    BOOST_TEST(old->projection->fold_version == 1u); // Still callable.
    old.reset();
    BOOST_TEST(watched.expired());
    const plugin_ptr third = set.prepare(request(copy("toyfold"))).value();
    BOOST_TEST(third->generation() == 3u);
    BOOST_TEST(third->projection->fold_version == 1u);
}

BOOST_AUTO_TEST_CASE(a_generation_is_not_loaded_from_a_folder_of_another_user) {
    if (::geteuid() != 0) {
        BOOST_TEST_MESSAGE("skipped: only root can give a folder away");
        return;
    }
    set.set_generations(path("generations"));
    set.load(request(copy("toy"))).value();
    fs::create_directory(path("generations"));
    BOOST_REQUIRE(::chown(path("generations").c_str(), 12345, 0) == 0);
    const failure why = failure_of(set.prepare(request(copy("toy"))));
    BOOST_TEST((why.code == plugin_errc::unsafe_file));
    BOOST_TEST(has_all(why.text(), {"generations", "user 12345"}));
}

BOOST_AUTO_TEST_CASE(a_generation_lies_in_a_folder_of_its_user_alone) {
    set.set_generations(path("generations"));
    set.load(request(copy("toy"))).value();
    fs::create_directory(path("generations"));
    BOOST_REQUIRE(::chmod(path("generations").c_str(), 0777) == 0);
    BOOST_TEST(set.prepare(request(copy("toy"))).has_value());
    BOOST_TEST((fs::status(path("generations")).permissions() == fs::perms::owner_all));
}

BOOST_AUTO_TEST_CASE(no_manifest_leads_out_of_the_folder_of_the_generations) {
    set.set_generations(path("generations"));
    auto toy = copy("toy");
    set.load(request(toy)).value();
    toy.says.short_name = "../toy";
    const failure why = failure_of(set.prepare(request(toy, "toy")));
    BOOST_TEST((why.code == plugin_errc::bad_manifest));
    BOOST_TEST(has_all(why.text(), {"'../toy'", "expected a-z"}));
}

BOOST_AUTO_TEST_CASE(an_isolated_plugin_is_held_to_the_same_names_as_one_that_is_not) {
    set.set_isolation([](const plugins::load_request& what) -> result<std::unique_ptr<plugins::remote>> {
        return std::unique_ptr<plugins::remote>(std::make_unique<fake_process>(what.plugin.says));
    });
    auto asked = request(copy("toy"));
    asked.isolate = plugins::isolation::process;
    asked.plugin.says.extensions.clear();
    asked.plugin.says.requirements.clear();
    asked.plugin.says.short_name = "inbox"; // The core has tables of that name.
    const failure why = failure_of(set.load(asked));
    BOOST_TEST((why.code == plugin_errc::bad_descriptor));
    BOOST_TEST(has_all(why.text(), {"'inbox'", "the core's own tables"}));
    asked.plugin.says.short_name = "toy";
    BOOST_TEST(set.load(asked).has_value());
}

BOOST_AUTO_TEST_CASE(a_list_holds_what_it_names) {
    set.set_generations(path("generations"));
    set.load(request(copy("toy"))).value();
    const plugins::plugin_list before = set.all();
    set.replace(set.prepare(request(copy("toy"))).value());
    BOOST_TEST((*before.begin())->generation() == 1u);
    BOOST_TEST((*set.all().begin())->generation() == 2u);
}

BOOST_AUTO_TEST_CASE(a_generation_that_is_refused_changes_nothing) {
    set.set_generations(path("generations"));
    const plugin_ptr old = set.load(request(copy("toy"))).value();
    auto broken = copy("toy");
    broken.says.sha256.back() = broken.says.sha256.back() == '0' ? '1' : '0';
    BOOST_TEST((failure_of(set.prepare(request(broken))).code == plugin_errc::wrong_checksum));
    BOOST_TEST((failure_of(set.prepare(request(copy("toyfold")))).code == plugin_errc::not_found));
    auto other = copy("toyfold");
    BOOST_TEST((failure_of(set.prepare(request(other, "toy"))).code == plugin_errc::duplicate));
    BOOST_TEST((set.find("toy") == old));
}

BOOST_AUTO_TEST_SUITE_END()
