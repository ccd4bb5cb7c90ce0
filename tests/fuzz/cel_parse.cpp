// The parser: any bytes are an expression. What parses has a canonical form, which parses again, to the same
// canonical form; a refusal points at places within the source and can be shown.
#include "ast.hpp"
#include "cel_world.hpp"
#include "property.hpp"

namespace cel = tributary::cel;
using tributary::fuzz::must;

namespace {

/// The canonical form has brackets and escapes that its source may not have needed.
constexpr cel::compile_limits for_canonical_form{.source_bytes = 1 << 20,
                                                 .nodes = 1000,
                                                 .nesting = 400,
                                                 .depth = 250,
                                                 .loops = 3,
                                                 .literal_elements = 1000};

void check_refusal(const cel::diagnostics& why, std::string_view source) {
    must(!why.empty(), "a refusal says why", source);
    for (const cel::diagnostic& each : why) {
        must(each.begin <= each.end && each.end <= source.size(), "a place is within the source", source);
        must(!each.message.empty(), "a refusal has a message", source);
        const cel::position at = cel::position_of(source, each.begin);
        must(at.line >= 1 && at.column >= 1, "lines and columns count from 1", source);
    }
    const std::string shown = cel::render(why, source, "rule");
    must(shown.ends_with('\n') && shown.find("rule:") == 0, "a refusal can be shown", shown);
}

void check_parsed(const cel::ast& tree, std::string_view source) {
    for (const cel::ast_node& node : tree.nodes)
        must(node.begin <= node.end && node.end <= source.size() && node.place <= source.size(),
             "a node is within the source", source);
    const std::string canonical = cel::print(tree, tree.root);
    const auto again = cel::parse(canonical, for_canonical_form);
    must(again.has_value(), "the canonical form parses", canonical);
    const std::string twice = cel::print(**again, (*again)->root);
    must(twice == canonical, "the canonical form of a canonical form is itself", canonical + "\n" + twice);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    const std::string source(reinterpret_cast<const char*>(bytes), count);
    const auto tree = cel::parse(source, cel::compile_limits());
    if (tree)
        check_parsed(**tree, source);
    else
        check_refusal(tree.error(), source);
    return 0;
}
