// Writes inputs for the targets of the language: fuzz_cel_seeds DIRECTORY EXPRESSIONS [FOLDER-OF-CASES]
// EXPRESSIONS has one expression a line; FOLDER-OF-CASES files of the conformance suite (JSON lists of
// objects with "expr"). Files of time zones are made here.
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "parts.hpp"

namespace {

class seed_writer {
  public:
    explicit seed_writer(std::filesystem::path directory) : directory_(std::move(directory)) {}

    void write(const std::string& target, std::string_view content) {
        const std::filesystem::path folder = directory_ / target;
        std::filesystem::create_directories(folder);
        std::ofstream file(folder / std::to_string(++number_), std::ios::binary);
        file << content;
        complete_ = complete_ && file.good();
    }
    /// For each target that takes expressions, with settings of its own.
    void expression(std::string_view text) {
        write("cel_parse", text);
        for (const char* target : {"cel_check", "cel_evaluate", "cel_differential"})
            write(target, settings() + tributary::fuzz::part_separator + std::string(text));
    }
    bool complete() const noexcept { return complete_; }

  private:
    std::string settings() {
        // Mostly checked, any type, with wide limits.
        constexpr unsigned char options[] = {0, 0, 0, 0, 128, 1, 2, 8};
        std::string made(1, static_cast<char>(options[chance_() % std::size(options)]));
        for (std::size_t left = chance_() % 40; left > 0; --left) {
            const char c = static_cast<char>(chance_() % 256);
            made += c == tributary::fuzz::part_separator ? '\0' : c;
        }
        return made;
    }

    std::filesystem::path directory_;
    std::minstd_rand chance_{1}; // The same inputs every time.
    std::size_t number_ = 0;
    bool complete_ = true;
};

/// A file of a time zone as RFC 9636 has it, written so that every part occurs.
class zone_file {
  public:
    struct change {
        std::int64_t at;
        unsigned char kind;
    };
    /// @param version '\0' for one block with times of 32 bits.
    static std::string made(char version, const std::vector<change>& changes, std::string_view footer) {
        std::string text = block(version, 4, version == '\0' ? changes : std::vector<change>());
        if (version != '\0')
            text += block(version, 8, changes) + "\n" + std::string(footer) + "\n";
        return text;
    }

  private:
    static void number(std::string& to, std::int64_t given, int width) {
        for (int shift = 8 * (width - 1); shift >= 0; shift -= 8)
            to += static_cast<char>(given >> shift & 0xFF);
    }
    static std::string block(char version, int width, const std::vector<change>& changes) {
        const std::string names("LMT\0CET\0CEST\0", 13);
        std::string text = "TZif" + std::string(1, version) + std::string(15, '\0');
        for (const std::size_t count :
             {std::size_t{0}, std::size_t{3}, std::size_t{0}, changes.size(), std::size_t{3}, names.size()})
            number(text, static_cast<std::int64_t>(count), 4);
        for (const change& each : changes)
            number(text, each.at, width);
        for (const change& each : changes)
            text += static_cast<char>(each.kind);
        constexpr std::int64_t offsets[] = {3208, 3600, 7200};
        constexpr char name_places[] = {0, 4, 8};
        for (int kind = 0; kind < 3; ++kind) {
            number(text, offsets[kind], 4);
            text += kind == 2 ? '\1' : '\0';
            text += name_places[kind];
        }
        return text + names + std::string(3, '\0');
    }
};

void write_zones(seed_writer& into) {
    const std::vector<zone_file::change> changes = {
        {-2'422'054'408, 1}, {354'675'600, 2}, {370'400'400, 1}, {828'234'000, 2}, {846'378'000, 1}};
    const std::vector<zone_file::change> later(changes.begin() + 1, changes.end());
    into.write("cel_zone", zone_file::made('\0', later, ""));
    for (const char* footer :
         {"", "UTC0", "CET-1CEST,M3.5.0,M10.5.0/3", "EST5EDT,J60/2:30,300/-1:15:10",
          "<-03>3<-02>,0/0,J365/25", "IST-2IDT,M3.4.4/26,M10.5.0", "<+1130>-11:30",
          "NZST-12NZDT,M9.5.0,M4.1.0/3", "XXX3EDT4,0/0,J365/23", "EST5EDT4,M13.5.0,M10.5.0", "<abc"}) {
        into.write("cel_zone", zone_file::made('2', changes, footer));
        into.write("cel_zone", zone_file::made('3', {}, footer));
    }
}

std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write_cases(seed_writer& into, const std::filesystem::path& folder) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".json")
            continue;
        boost::json::error_code error;
        const boost::json::value cases = boost::json::parse(content_of(entry.path()), error);
        if (error || !cases.is_array())
            continue;
        for (const boost::json::value& each : cases.get_array())
            if (const auto* one = each.if_object())
                if (const auto* text = one->if_contains("expr"); text != nullptr && text->is_string())
                    into.expression({text->get_string().data(), text->get_string().size()});
    }
}

} // namespace

int main(int count, char** arguments) {
    if (count < 3) {
        std::fprintf(stderr, "usage: fuzz_cel_seeds DIRECTORY EXPRESSIONS [FOLDER-OF-CASES]\n");
        return 2;
    }
    seed_writer into(arguments[1]);
    std::ifstream expressions(arguments[2]);
    std::size_t read = 0;
    for (std::string line; std::getline(expressions, line); ++read)
        into.expression(line);
    write_zones(into);
    if (count > 3)
        write_cases(into, arguments[3]);
    if (read == 0)
        std::fprintf(stderr, "%s has no expression\n", arguments[2]);
    return into.complete() && read > 0 ? 0 : 1;
}
