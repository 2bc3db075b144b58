using System.CommandLine;
using System.CommandLine.Parsing;
using RemoteSwap.Cli.Addressing;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Commands.Areas;
using RemoteSwap.Cli.Output;
using RemoteSwap.Cli.Parsing;
using RemoteSwap.Client;

namespace RemoteSwap.Cli.Commands.Invalidate;

/// <summary>Forgets pages of an area: slots, runs of slots, or all.</summary>
internal sealed class InvalidateCommand : CliCommand
{
    private readonly Argument<SlotRun[]> _slots = new("SLOTS")
    {
        Description = "slots and runs of slots, such as 5 and 10-20",
        Arity = ArgumentArity.ZeroOrMore,
        CustomParser = ReadRuns,
    };

    private readonly Option<bool> _all = ValueReader.Switch("--all", "all pages of the area; asks first");
    private readonly Option<bool> _yes = ValueReader.Switch("--yes", "with --all: do not ask");
    private readonly Option<bool> _dryRun = ValueReader.Switch("--dry-run", "say what would be sent, send nothing");

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "invalidate", CommandGroup.Pages, "forget pages of an area", "remoteswap invalidate 5 10-20 --area 1")
    {
        Notes =
        [
            "A run costs what is stored in it, not its length. An empty slot is no failure.",
            "An area that a device owns is left alone (77).",
        ],
        MoreExamples = ["remoteswap invalidate --all --yes -s remoteswap://host/vm7"],
        ExitCodes = "0 ok, 1 failed, 2 not confirmed, 64 usage, 69 server unavailable, 77 not permitted, 130 stopped",
    };

    /// <inheritdoc/>
    public override SharedSet Takes => SharedSet.Server | SharedSet.Area | SharedSet.Json | SharedSet.Quiet;

    /// <inheritdoc/>
    public override IReadOnlyList<Argument> Arguments => [_slots];

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => [_all, _yes, _dryRun];

    /// <inheritdoc/>
    public override async Task<int> RunAsync(CommandRun run)
    {
        SlotRun[] runs = run.Value(_slots) ?? [];
        bool isAll = run.Value(_all);
        if (isAll == runs.Length > 0)
        {
            throw CommandFailedException.Usage(
                isAll ? "give slots or --all, not both." : "give slots, such as 5 and 10-20, or --all.");
        }

        bool isDry = run.Value(_dryRun);
        if (isAll && !isDry && !run.Value(_yes) && !IsConfirmed(run))
        {
            run.Error.WriteLine("remoteswap invalidate: not confirmed, nothing was sent");
            return ExitCode.ConditionFalse;
        }

        InvalidationCount count = new();
        if (!isDry)
        {
            await using RemoteSwapConnection connection = run.OpenConnection(streams: 1);
            try
            {
                await ForgetAsync(connection.Area(run.Area), isAll, runs, count, run.Stop);
            }
            catch (RemoteSwapException fenced) when (fenced.Error == RemoteSwapError.Fenced)
            {
                throw await OwnerWords.FencedAsync(run);
            }
        }

        Report(run, isDry, isAll, runs, count);
        return ExitCode.Ok;
    }

    private static async Task ForgetAsync(
        SwapArea area, bool isAll, SlotRun[] runs, InvalidationCount count, CancellationToken stop)
    {
        if (isAll)
        {
            count.Add(await area.InvalidateAllAsync(stop));
            return;
        }

        foreach (SlotRun longRun in runs.Where(one => one.Count > 1))
        {
            count.Add(await area.InvalidateRangeAsync(longRun.First, longRun.Count, stop));
        }

        ulong[] singles = [.. runs.Where(one => one.Count == 1).Select(one => one.First)];
        if (singles.Length > 0)
        {
            count.Add(singles, await area.InvalidateAsync(singles, stop));
        }
    }

    private static bool IsConfirmed(CommandRun run)
    {
        if (!run.Surroundings.IsInputTerminal)
        {
            throw CommandFailedException.Usage("--all forgets every page of the area and nobody can be asked; "
                + "give --yes, or look first with --dry-run.");
        }

        run.Error.Write($"Forget all pages of {OwnerWords.Place(run)}? [y/N] ");
        return run.Surroundings.Input.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    private static void Report(CommandRun run, bool isDry, bool isAll, SlotRun[] runs, InvalidationCount count)
    {
        ulong slots = runs.Aggregate(0UL, (sum, one) => sum + one.Count);
        if (run.Json)
        {
            InvalidateDocument document = new(
                run.Server.ToString(), run.Server.TenantOrDefault, run.Area, isDry, isAll, slots, count.Forgotten,
                count.Stale);
            run.WriteJson(document, CliJsonContext.Default.InvalidateDocument);
            return;
        }

        string what = isAll ? "all pages" : $"{slots} slots ({string.Join(' ', runs)})";
        run.Output.WriteLine(isDry
            ? $"would forget {what} of {OwnerWords.Place(run)}; nothing was sent"
            : $"forgot {count.Forgotten} pages of {OwnerWords.Place(run)}");
        if (count.Stale > 0)
        {
            run.Remark($"{count.Stale} slots hold a page that another writer stored meanwhile; it stays");
        }
    }

    private static SlotRun[] ReadRuns(ArgumentResult result)
    {
        List<SlotRun> runs = [];
        foreach (Token token in result.Tokens)
        {
            if (SlotRun.TryParse(token.Value, out SlotRun run))
            {
                runs.Add(run);
            }
            else
            {
                result.AddError($"'{token.Value}': give {SlotRun.Allowed}.");
            }
        }

        return [.. runs];
    }
}
