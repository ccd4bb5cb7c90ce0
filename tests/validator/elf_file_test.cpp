#include <boost/test/unit_test.hpp>

#include <fstream>

#include "validator/elf_file.hpp"

using namespace tributary::validator;

BOOST_AUTO_TEST_SUITE(elf_files)

BOOST_AUTO_TEST_CASE(what_is_no_shared_object_is_refused) {
    BOOST_TEST(!read_elf(TRIBUTARY_SOURCE_DIR "/LICENSE"));
    BOOST_TEST(!read_elf("/no/such/file"));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_cut_off_anywhere_is_survived) {
    std::ifstream from("/proc/self/exe", std::ios::binary);
    std::string bytes(4096, '\0');
    from.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    const auto file =
        std::filesystem::temp_directory_path() / ("tributary-elf-" + std::to_string(::getpid()));
    for (std::size_t size = 0; size < bytes.size(); size += 61) {
        bytes[16] = 3; // ET_DYN, whatever this executable is: the sections lie beyond the cut.
        std::ofstream(file, std::ios::binary) << bytes.substr(0, size);
        BOOST_TEST(!read_elf(file));
    }
    std::filesystem::remove(file);
}

BOOST_AUTO_TEST_SUITE_END()
