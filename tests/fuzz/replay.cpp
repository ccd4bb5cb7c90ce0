// Gives kept inputs to a fuzz target that was built without a fuzzer: <target> FILE-OR-DIRECTORY...
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count);

namespace {

std::vector<std::filesystem::path> files_of(const std::filesystem::path& given) {
    std::vector<std::filesystem::path> files;
    if (!std::filesystem::is_directory(given))
        return {given};
    for (const auto& entry : std::filesystem::directory_iterator(given))
        if (entry.is_regular_file())
            files.push_back(entry.path());
    return files;
}

bool replay(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return false;
    const std::string input{std::istreambuf_iterator<char>(file), {}};
    // Named before it runs: after a crash it is the last one.
    std::fprintf(stderr, "%s\n", path.filename().c_str());
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
    return true;
}

} // namespace

int main(int count, char** arguments) {
    std::size_t replayed = 0;
    for (int index = 1; index < count; ++index)
        for (const std::filesystem::path& path : files_of(arguments[index])) {
            if (!replay(path)) {
                std::fprintf(stderr, "cannot read %s\n", path.c_str());
                return 1;
            }
            ++replayed;
        }
    std::printf("%zu inputs replayed\n", replayed);
    return replayed == 0 ? 1 : 0;
}
