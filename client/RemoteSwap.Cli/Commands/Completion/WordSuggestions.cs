using System.CommandLine;
using System.CommandLine.Completions;

namespace RemoteSwap.Cli.Commands.Completion;

/// <summary>
/// Answers a shell that asks which words may come next: the scripts of <c>completion</c> call the tool with a hidden
/// command and the line up to the cursor. So a script never grows old.
/// </summary>
internal static class WordSuggestions
{
    /// <summary>The hidden command.</summary>
    public const string CommandName = "__complete";

    /// <summary>Writes the words, one a line.</summary>
    /// <param name="tree">The commands.</param>
    /// <param name="line">The line up to the cursor, with the tool's own name as its first word.</param>
    /// <param name="writer">Where words go.</param>
    public static void Write(CommandTree tree, string line, TextWriter writer)
    {
        int blank = line.IndexOf(' ', StringComparison.Ordinal);
        string words = blank < 0 ? "" : line[(blank + 1)..];
        ParseResult parsed = tree.Root.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
        foreach (CompletionItem item in parsed.GetCompletions(words.Length))
        {
            if (item.Label is not ("-h" or "-?" or "/h" or "/?"))
            {
                writer.WriteLine(item.Label);
            }
        }
    }
}
