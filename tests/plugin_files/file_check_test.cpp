// What is looked at before any code of a plugin runs.
#include <boost/test/unit_test.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include "plugin_files/fixture.hpp"
#include "plugins/elf.hpp"

using namespace tributary;
using namespace tributary::test;
using plugins::plugin_errc;

BOOST_FIXTURE_TEST_SUITE(files_of_plugins, plugin_folder)

BOOST_AUTO_TEST_CASE(a_sound_plugin_passes) {
    BOOST_TEST(plugins::check_file(copy("toy")).has_value());
    BOOST_TEST(plugins::check_file(copy("toyfold")).has_value());
}

BOOST_AUTO_TEST_CASE(a_module_that_others_may_write_is_refused) {
    const auto toy = copy("toy");
    for (const mode_t mode : {0775u, 0757u}) {
        BOOST_REQUIRE(::chmod(toy.module.c_str(), mode) == 0);
        const failure why = failure_of(plugins::check_file(toy));
        BOOST_TEST((why.code == plugin_errc::unsafe_file));
        BOOST_TEST(has_all(why.text(), {"module", "mode 07", "expected", "chmod go-w"}));
    }
}

BOOST_AUTO_TEST_CASE(so_is_one_whose_manifest_or_folder_others_may_write) {
    const auto toy = copy("toy");
    BOOST_REQUIRE(::chmod(path("toy.trbplugin.json").c_str(), 0666) == 0);
    BOOST_TEST(has_all(failure_of(plugins::check_file(toy)).text(), {"manifest", "0666"}));
    BOOST_REQUIRE(::chmod(path("toy.trbplugin.json").c_str(), 0644) == 0);
    BOOST_REQUIRE(::chmod(directory.path().c_str(), 0777) == 0);
    BOOST_TEST(has_all(failure_of(plugins::check_file(toy)).text(), {"folder", "0777"}));
    BOOST_REQUIRE(::chmod(directory.path().c_str(), 01777) ==
                  0); // As /tmp: nobody can replace another's file.
    BOOST_TEST(plugins::check_file(toy).has_value());
}

BOOST_AUTO_TEST_CASE(a_module_of_another_user_is_refused) {
    if (::geteuid() != 0) {
        BOOST_TEST_MESSAGE("skipped: only root can give a file away");
        return;
    }
    const auto toy = copy("toy");
    BOOST_REQUIRE(::chown(toy.module.c_str(), 12345, 0) == 0);
    const failure why = failure_of(plugins::check_file(toy));
    BOOST_TEST((why.code == plugin_errc::unsafe_file));
    BOOST_TEST(has_all(why.text(), {"user 12345", "expected 0 or root"}));
}

BOOST_AUTO_TEST_CASE(a_module_that_is_not_the_one_of_its_manifest_is_refused) {
    const auto toy = copy("toy");
    std::string bytes = read_file(toy.module);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    write_file(toy.module, bytes);
    const failure why = failure_of(plugins::check_file(toy));
    BOOST_TEST((why.code == plugin_errc::wrong_checksum));
    BOOST_TEST(has_all(why.text(), {digest_of(toy.module), toy.says.sha256}));
}

BOOST_AUTO_TEST_CASE(another_version_of_the_abi_and_an_unknown_service_are_refused_unloaded) {
    auto toy = copy("toy");
    toy.says.abi_minor = 99;
    BOOST_TEST(has_all(failure_of(plugins::check_file(toy)).text(), {"0.99", "expects 0."}));
    toy = copy("toy");
    toy.says.requirements.emplace_back("tributary.host.teleport/1");
    BOOST_TEST((failure_of(plugins::check_file(toy)).code == plugin_errc::missing_service));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_module_is_refused_whatever_is_in_it) {
    const std::string whole = read_file(copy("toy").module);
    for (const std::string& bytes : {std::string(), std::string("#!/bin/sh\n"), std::string(64, '\0')})
        BOOST_TEST((failure_of(plugins::read_elf(bytes)).code == plugin_errc::not_loadable));
    for (std::size_t size = 0; size < whole.size(); size += 997) // The sections lie at its end.
        BOOST_TEST(plugins::read_elf(std::string_view(whole).substr(0, size)).has_error());
    for (std::size_t at = 0; at < 64; ++at) { // Each byte of the header, changed: no reading past the end.
        std::string bytes = whole;
        bytes[at] = static_cast<char>(bytes[at] ^ 0x7f);
        (void)plugins::read_elf(bytes);
    }
    const auto read = plugins::read_elf(whole);
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read->exported == std::vector<std::string>{TRB_PLUGIN_ENTRY_NAME},
               boost::test_tools::per_element());
    BOOST_TEST(read->unique.empty());
    BOOST_TEST(read->search_path == "");
    BOOST_TEST(!read->text_relocations);
}

BOOST_AUTO_TEST_SUITE_END()
