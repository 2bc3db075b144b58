using System.CommandLine;
using System.Text;
using RemoteSwap.Cli.Commands;

namespace RemoteSwap.Cli.Help;

/// <summary>The help of one command, made from what it declares, so that nothing it takes is missing.</summary>
internal static class CommandScreen
{
    /// <summary>The help.</summary>
    public static string Format(CliCommand command, SharedOptions shared)
    {
        CommandText about = command.Text;
        StringBuilder text = new();
        text.AppendLine($"remoteswap {about.Path}: {about.Summary}");
        text.AppendLine($"Usage: remoteswap {about.Path}{ArgumentNames(command)} [options]");

        Section(text, "Commands below it",
            [.. command.Subcommands.Select(below => (below.Text.Name + ArgumentNames(below), below.Text.Summary))]);
        Section(text, "Arguments",
            [.. command.Arguments.Select(argument => (argument.Name, argument.Description ?? ""))]);
        Section(text, "Options", [.. command.Options.Select(HelpColumns.Of)]);
        Section(text, "Connection", Shared(command, shared, SharedSet.Server | SharedSet.Area));
        Section(text, "Output", Shared(command, shared, SharedSet.Json | SharedSet.Quiet | SharedSet.Color));

        if (about.Notes.Count > 0)
        {
            text.AppendLine();
            foreach (string note in about.Notes)
            {
                text.AppendLine(note);
            }
        }

        text.AppendLine();
        text.AppendLine($"Exit codes: {about.ExitCodes}");
        foreach (string example in (IEnumerable<string>)[about.Example, .. about.MoreExamples])
        {
            text.AppendLine($"Example: {example}");
        }

        return text.ToString();
    }

    private static string ArgumentNames(CliCommand command) => string.Concat(command.Arguments.Select(argument =>
    {
        string name = argument.Name + (argument.Arity.MaximumNumberOfValues > 1 ? "..." : "");
        return argument.Arity.MinimumNumberOfValues == 0 ? $" [{name}]" : $" {name}";
    }));

    // Who is who stands on one line: the screen of all commands has a line for each of these.
    private static (string Left, string Right)[] Shared(CliCommand command, SharedOptions shared, SharedSet heading)
    {
        Option[] taken =
        [
            .. from option in shared.All
               where (option.Set & heading & command.Takes) != SharedSet.None
               select option.Option,
        ];
        (string, string)[] rows = [.. taken.Except(shared.Credentials).Select(HelpColumns.Of)];
        Option[] credentials = [.. taken.Intersect(shared.Credentials)];
        return credentials.Length == 0
            ? rows
            : [.. rows, (string.Join(", ", credentials.Select(option => option.Name)), "see remoteswap --help")];
    }

    private static void Section(StringBuilder text, string heading, (string Left, string Right)[] rows)
    {
        if (rows.Length > 0)
        {
            text.AppendLine();
            text.AppendLine(heading);
            HelpColumns.Write(text, rows);
        }
    }
}
