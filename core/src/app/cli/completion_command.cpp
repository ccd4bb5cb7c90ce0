#include <map>
#include <sstream>

#include "app/cli/commands.hpp"
#include "app/cli/context.hpp"
#include "app/cli/document.hpp"

namespace tributary::app::cli {
namespace {

/// What may follow a command: the names below it and its options, by its path ("key create"; "" is the root).
std::map<std::string, std::string> words_by_path(const std::string& outline) {
    std::map<std::string, std::string> words;
    std::istringstream lines(outline);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t options = line.find("--");
        std::string path = line.substr(0, options);
        if (path.ends_with(' '))
            path.pop_back();
        std::string& own = words[path];
        if (options != std::string::npos)
            own += (own.empty() ? "" : " ") + line.substr(options);
        const std::size_t space = path.rfind(' ');
        if (!path.empty())
            words[space == std::string::npos ? "" : path.substr(0, space)] +=
                " " + path.substr(space == std::string::npos ? 0 : space + 1);
    }
    return words;
}

/// The body of a shell function that sets `path` from the words before the cursor and `words` from the path.
std::string cases(const std::map<std::string, std::string>& words) {
    std::string out;
    for (const auto& [path, next] : words)
        out += "        '" + path + "') words='" + next + "' ;;\n";
    return out;
}

std::string bash_script(const std::map<std::string, std::string>& words) {
    return R"(_tributary() {
    local path='' word words=''
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        [[ $word == -* ]] && break
        path="${path:+$path }$word"
    done
    case "$path" in
)" + cases(words) +
           R"(    esac
    COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _tributary tributary
)";
}

std::string zsh_script(const std::map<std::string, std::string>& words) {
    return "#compdef tributary\nautoload -U +X bashcompinit && bashcompinit\n" + bash_script(words);
}

std::string fish_script(const std::map<std::string, std::string>& words) {
    std::string out = R"(function __tributary_path
    set -l path
    for word in (commandline -opc)[2..-1]
        string match -q -- '-*' $word; and break
        set -a path $word
    end
    echo "$path"
end
)";
    for (const auto& [path, next] : words)
        out += "complete -c tributary -f -n 'test (__tributary_path) = \"" + path + "\"' -a '" + next + "'\n";
    return out;
}

result<exit_status> complete(context& with, const std::string& shell, const command_line& all) {
    const auto words = words_by_path(all.outline());
    std::string script;
    if (shell == "bash")
        script = bash_script(words);
    else if (shell == "zsh")
        script = zsh_script(words);
    else if (shell == "fish")
        script = fish_script(words);
    else
        return failure(cli_errc::usage, "there is completion for bash, zsh and fish");
    with.show(document::record().set("shell", shell).set("script", script), [&] { return script; });
    return exit_status::ok;
}

} // namespace

void add_completion_command(command root, const command_line& all) {
    const auto shell = std::make_shared<std::string>();
    root.add("completion", "Print a script that completes commands in a shell",
             "tributary completion bash > /etc/bash_completion.d/tributary")
        .text("SHELL", *shell, "SHELL", "bash, zsh or fish")
        .required()
        .runs([shell, &all](context& with) { return complete(with, *shell, all); });
}

} // namespace tributary::app::cli
