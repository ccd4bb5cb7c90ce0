// The ABI's layout outside of a test: for scripts/update-abi-golden, and for layout_mutations.sh, which
// compiles layout_listing.cpp against headers that somebody broke.
//   layout_tool list <headers>                      prints the listing
//   layout_tool compare <golden> <headers>          fails when plugins of the golden file would not fit
//   layout_tool update <golden> <headers> [--frozen]  rewrites the golden file, or says why not
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string_view>

#include "abi/layout_text.hpp"

namespace {

namespace abi = tributary::abi_test;

int complain(const std::vector<std::string>& sentences) {
    for (const std::string& sentence : sentences)
        std::cerr << sentence << '\n';
    return sentences.empty() ? 0 : 1;
}

int update(const std::string& golden, const std::string& current, bool frozen) {
    if (const int refused = complain(abi::objections(abi::read_file(golden), current, frozen)))
        return refused;
    std::ofstream file(golden, std::ios::binary);
    file << current;
    return complain(file.flush() ? std::vector<std::string>{} : std::vector{golden + " cannot be written"});
}

} // namespace

int main(int count, char** arguments) {
    const std::string_view command = count > 1 ? arguments[1] : "";
    const bool frozen = count == 5 && std::string_view(arguments[4]) == "--frozen";
    if (command == "list" && count == 3) {
        std::cout << abi::to_text(abi::list_structs(), arguments[2]);
        return 0;
    }
    if (command == "compare" && count == 4)
        return complain(abi::breaking_changes(abi::read_file(arguments[2]),
                                              abi::to_text(abi::list_structs(), arguments[3])));
    if (command == "update" && (count == 4 || frozen))
        return update(arguments[2], abi::to_text(abi::list_structs(), arguments[3]), frozen);
    std::cerr
        << "usage: layout_tool list HEADERS | compare GOLDEN HEADERS | update GOLDEN HEADERS [--frozen]\n";
    return 2;
}
