namespace RemoteSwap.Cli.Commands.Completion;

/// <summary>
/// What a shell must run to complete lines of the tool. The scripts ask the tool itself for the words, see
/// <see cref="WordSuggestions"/>; where it has none, they leave the word to the shell (a file's name, mostly).
/// </summary>
internal static class CompletionScripts
{
    private const string Bash = """
        # remoteswap completion bash > /etc/bash_completion.d/remoteswap
        _remoteswap() {
            local IFS=$'\n' line="${COMP_LINE:0:COMP_POINT}"
            COMPREPLY=($(compgen -W "$(remoteswap __complete "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _remoteswap remoteswap
        """;

    private const string Zsh = """
        #compdef remoteswap
        # remoteswap completion zsh > "${fpath[1]}/_remoteswap"
        _remoteswap() {
            local -a words_found
            words_found=("${(@f)$(remoteswap __complete "$LBUFFER" 2>/dev/null)}")
            if [[ -n "${words_found[1]}" ]]; then
                compadd -a words_found
            else
                _files
            fi
        }
        compdef _remoteswap remoteswap
        """;

    private const string Fish = """
        # remoteswap completion fish > ~/.config/fish/completions/remoteswap.fish
        complete -c remoteswap -a '(remoteswap __complete (commandline -cp) 2>/dev/null)'
        """;

    /// <summary>Shells that there is a script for.</summary>
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish"];

    /// <summary>The script for a shell.</summary>
    public static string For(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        _ => Fish,
    };
}
