using System.Text;
using RemoteSwap.Cli.Commands;

namespace RemoteSwap.Cli.Help;

/// <summary>The help of the whole tool: one screen, commands grouped, each with a call to copy.</summary>
internal static class RootScreen
{
    private const int NameColumns = 12;
    private const int SummaryColumns = 45;

    /// <summary>The help.</summary>
    public static string Format(CommandTree tree)
    {
        StringBuilder text = new();
        text.AppendLine("remoteswap: works with a page server, which keeps other machines' swapped-out 4 KiB pages.");
        text.AppendLine("Usage: remoteswap COMMAND [arguments] [options]      remoteswap COMMAND --help says more");
        foreach (IGrouping<CommandGroup, CliCommand> group in tree.Commands
            .GroupBy(command => command.Text.Group).OrderBy(group => group.Key))
        {
            text.AppendLine();
            text.AppendLine(group.Key.ToString());
            foreach (CliCommand command in group)
            {
                text.Append("  ").Append(command.Text.Name.PadRight(NameColumns));
                text.Append(command.Text.Summary.PadRight(SummaryColumns)).AppendLine(command.Text.Example);
            }
        }

        text.AppendLine();
        text.AppendLine("Options of most commands");
        HelpColumns.Write(text, [.. tree.Shared.All.Select(shared => HelpColumns.Of(shared.Option))]);
        HelpColumns.Write(text, [("--version, --help", "")]);
        text.AppendLine("URI: remoteswap[s]://HOST[:7420][/TENANT], or remoteswap+unix:///[TENANT]?socket=/PATH");
        text.AppendLine("Sizes 4KiB 8G, times 250ms 10s 3m. Results on stdout; progress, remarks, errors on stderr.");
        text.AppendLine("Exit codes: 0 ok, 1 failed, 2 a check failed, 3 a page did not verify, 64 usage,");
        text.AppendLine("69 server unavailable, 77 not permitted, 130 stopped (a second Ctrl-C quits at once).");
        return text.ToString();
    }
}
