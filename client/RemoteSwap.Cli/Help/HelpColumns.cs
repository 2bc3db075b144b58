using System.CommandLine;
using System.Text;

namespace RemoteSwap.Cli.Help;

/// <summary>Two columns of a help screen: what to write, and what it means.</summary>
internal static class HelpColumns
{
    private const int LeftColumns = 26;

    /// <summary>The row of an option.</summary>
    public static (string Left, string Right) Of(Option option)
    {
        string names = string.Join(", ", option.Aliases.Prepend(option.Name));
        return (option.HelpName is null ? names : $"{names} {option.HelpName}", option.Description ?? "");
    }

    /// <summary>Writes rows.</summary>
    public static void Write(StringBuilder text, IReadOnlyList<(string Left, string Right)> rows)
    {
        foreach ((string left, string right) in rows)
        {
            text.AppendLine($"  {left.PadRight(LeftColumns)}  {right}".TrimEnd());
        }
    }
}
