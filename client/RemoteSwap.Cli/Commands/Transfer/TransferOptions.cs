using System.CommandLine;
using RemoteSwap.Cli.Addressing;
using RemoteSwap.Cli.Parsing;

namespace RemoteSwap.Cli.Commands.Transfer;

/// <summary>Options that <c>put</c> and <c>get</c> share.</summary>
internal sealed class TransferOptions
{
    // The wire contract's limit of a call.
    private const int MaxBatchPages = 512;
    private const int MaxParallel = 64;
    private const int DefaultBatchPages = 256;
    private const int DefaultParallel = 4;

    /// <summary>The slot of the first page.</summary>
    public Option<ulong> At { get; } = ValueReader.Option<ulong>(
        "--at", "SLOT", "slot of the first page; the others follow it  [0]", SlotRun.TryParseSlot, "a slot's number");

    /// <summary>Pages of a call.</summary>
    public Option<int> Batch { get; } = ValueReader.Number(
        "--batch", "PAGES", "pages of a call, 1 to 512  [256]", 1, MaxBatchPages, DefaultBatchPages);

    /// <summary>Calls under way.</summary>
    public Option<int> Parallel { get; } = ValueReader.Number(
        "--parallel", "N", "calls under way at a time, 1 to 64  [4]", 1, MaxParallel, DefaultParallel);

    /// <summary>How to cut pages into calls.</summary>
    public BatchPlan Plan(CommandRun run, long pages) => new(pages, run.Value(Batch), run.Value(Parallel));

    /// <summary>Slots of a batch.</summary>
    /// <param name="first">The first.</param>
    /// <param name="count">How many.</param>
    public static ulong[] Slots(ulong first, int count)
    {
        ulong[] slots = new ulong[count];
        for (int i = 0; i < count; i++)
        {
            slots[i] = first + (ulong)i;
        }

        return slots;
    }
}
