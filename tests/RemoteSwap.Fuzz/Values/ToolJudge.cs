using System.CommandLine;
using RemoteSwap.Cli.Commands;
using RemoteSwap.Fuzz.Core;

namespace RemoteSwap.Fuzz.Values;

/// <summary>A command line of the tool, parsed, not carried out: what is wrong with it is an error in words.</summary>
internal static class ToolJudge
{
    private static readonly CommandTree s_tree = new();

    public static void Judge(string[] arguments)
    {
        ParseResult parsed = s_tree.Parse(arguments);
        FindingException.Unless(
            parsed.Errors.All(error => error.Message.Length > 0)
            && s_tree.OptionsNotTaken(parsed).All(text => text.Length > 0),
            "a command line is refused without a word");
        if (parsed.Errors.Count == 0 && !s_tree.IsInformation(parsed) && s_tree.CommandOf(parsed) is { } command)
        {
            // Values are read when they are asked for.
            foreach (Option option in command.Options)
            {
                _ = parsed.GetResult(option)?.GetValueOrDefault<object>();
            }
        }
    }
}
