using System.CommandLine;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Output;
using RemoteSwap.Cli.Parsing;
using RemoteSwap.Client;
using RemoteSwap.Units;

namespace RemoteSwap.Cli.Commands.Top;

/// <summary>Shows a server as it goes: state, rates, memory, tenants; again and again, until it is stopped.</summary>
internal sealed class TopCommand : CliCommand
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_keys = TimeSpan.FromMilliseconds(50);

    private readonly Option<TimeSpan> _interval = ValueReader.Option<TimeSpan>(
        "--interval", "TIME", "time between looks  [1s]", TryParseInterval, "a time such as 500ms or 2s, 100ms to 1h",
        s_interval);

    private readonly Option<bool> _once = ValueReader.Switch("--once", "two looks one interval apart, shown as one");

    private readonly Option<TopOrder> _sort = ValueReader.Option<TopOrder>(
        "--sort", "NAME", "sort tenants by a column, the most first  [used]", TopOrder.TryParse,
        "one of " + string.Join(", ", TopOrder.Names), TopOrder.Default);

    /// <summary>Declares its options.</summary>
    public TopCommand() => _sort.CompletionSources.Add(_ => TopOrder.Names);

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "top", CommandGroup.Server, "the server as it goes, until q or Ctrl-C", "remoteswap top --sort loads")
    {
        Notes =
        [
            "On a terminal it fills the screen: q quits, s sorts by the next column. Elsewhere it writes a look after",
            "each interval. STORE/s and LOAD/s are pages a second since the last look; REFUSED, RECLAIMED (frames) and",
            "SPILLED count since the server's start. Latency is that of empty calls of this program.",
            "Columns: " + string.Join(", ", TopOrder.Names) + ".",
        ],
        MoreExamples =
        [
            "remoteswap top --once --interval 5s",
            "remoteswap top --json | jq '.tenants[] | {tenant, loads_per_second}'",
        ],
        ExitCodes = "0 ok (also when q or Ctrl-C ends it), 1 failed, 64 usage, 69 server unavailable, 77 not permitted",
    };

    /// <inheritdoc/>
    public override SharedSet Takes => SharedSet.Server | SharedSet.Json | SharedSet.Color;

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => [_interval, _once, _sort];

    /// <inheritdoc/>
    public override async Task<int> RunAsync(CommandRun run)
    {
        await using TopSource source = new(run);
        TopOrder order = run.Value(_sort);
        TopDocument first = await source.AskAsync(order);
        try
        {
            if (run.Surroundings.IsOutputTerminal && !run.Json && !run.Value(_once))
            {
                await FillScreenAsync(run, source, first, order);
            }
            else
            {
                await WriteAsync(run, source, order);
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C is how it ends.
        }
        catch (RemoteSwapException stopped)
            when (stopped.Error == RemoteSwapError.Cancelled && run.Stop.IsCancellationRequested)
        {
            // The same, in the middle of a call.
        }

        return ExitCode.Ok;
    }

    private async Task WriteAsync(CommandRun run, TopSource source, TopOrder order)
    {
        for (bool isFirst = true; isFirst || !run.Value(_once); isFirst = false)
        {
            await Task.Delay(run.Value(_interval), run.Surroundings.Time, run.Stop);
            TopDocument top = await source.AskAsync(order);
            if (run.Json)
            {
                run.WriteJson(top, CliJsonContext.Default.TopDocument, isLine: true);
                continue;
            }

            if (!isFirst)
            {
                run.Output.WriteLine();
            }

            TopWords.Write(top, run.Output);
        }
    }

    private async Task FillScreenAsync(CommandRun run, TopSource source, TopDocument first, TopOrder order)
    {
        using TopScreen screen = new(run.Output, run.Surroundings.TerminalSize, run.Colors);
        TopDocument top = first;
        string? trouble = null;
        while (true)
        {
            screen.Show(top, order, trouble);
            long shown = run.Surroundings.Time.GetTimestamp();
            while (run.Surroundings.Time.GetElapsedTime(shown) < run.Value(_interval))
            {
                await Task.Delay(s_keys, run.Surroundings.Time, run.Stop);
                switch (run.Surroundings.ReadKey())
                {
                    case 'q' or 'Q':
                        return;
                    case 's' or 'S':
                        order = order.Next;
                        screen.Show(top with { Tenants = order.Sort(top.Tenants) }, order, trouble);
                        break;
                    default:
                        break;
                }
            }

            (top, trouble) = await LookAsync(source, top, order);
        }
    }

    // A server that is away for a while does not end a screen that somebody looks at.
    private static async Task<(TopDocument Top, string? Trouble)> LookAsync(
        TopSource source, TopDocument last, TopOrder order)
    {
        try
        {
            return (await source.AskAsync(order), null);
        }
        catch (CommandFailedException failed)
        {
            return (last, $"no answer since {last.Time:HH:mm:ss} UTC: {failed.Message}");
        }
        catch (RemoteSwapException failed) when (failed.Error != RemoteSwapError.Cancelled)
        {
            return (last, $"no answer since {last.Time:HH:mm:ss} UTC: {failed.Message}");
        }
    }

    private static bool TryParseInterval(string text, out TimeSpan interval) =>
        DurationText.TryParse(text, out interval) && interval >= s_shortest && interval <= s_longest;
}
