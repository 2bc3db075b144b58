using System.Text.Json.Serialization;
using RemoteSwap.Pool;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Management;

/// <summary>A part of the map of frames; docs/CONSOLE-API.md says what each field is.</summary>
/// <param name="Region">arena or spill.</param>
/// <param name="Tenant">Whose frames are told apart; empty: everybody's.</param>
/// <param name="Total">How many frames, or places, there may be.</param>
/// <param name="EndInUse">Below which number all frames in use lie; a hint.</param>
/// <param name="From">The first frame of the answer.</param>
/// <param name="Count">How many the answer stands for.</param>
/// <param name="BlockFrames">How many a block stands for.</param>
/// <param name="Looked">How many were looked at.</param>
/// <param name="States">The states, in the order of <paramref name="Counts"/> and of a block.</param>
/// <param name="Counts">Frames that were looked at, by state.</param>
/// <param name="Cells">With one frame a block: a letter of <see cref="Letters"/> each; else null.</param>
/// <param name="Blocks">With more: frames that were looked at by state, block by block; else null.</param>
internal sealed record ConsoleFrames(
    string Region,
    string Tenant,
    long Total,
    long EndInUse,
    long From,
    long Count,
    long BlockFrames,
    long Looked,
    IReadOnlyList<string> States,
    IReadOnlyList<long> Counts,
    string? Cells,
    IReadOnlyList<int[]>? Blocks)
{
    /// <summary>Frames of the server's arena.</summary>
    public const string Arena = "arena";

    /// <summary>Places of the writeback target.</summary>
    public const string Spill = "spill";

    /// <summary>A letter a state.</summary>
    public const string Letters = ".FLBHRXO";

    private static readonly FrameState[] s_states = Enum.GetValues<FrameState>();

    private static readonly string[] s_names =
        ["free", "first", "last", "both", "headless", "reclaim", "bookkeeping", "elsewhere"];

    /// <summary>What this is.</summary>
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "remoteswap.console.frames/1";

    /// <summary>The answer to a look.</summary>
    public static ConsoleFrames Of(string region, string tenant, long endInUse, FrameView view)
    {
        bool single = view.BlockFrames == 1;
        return new ConsoleFrames(
            region,
            tenant,
            view.Total,
            endInUse,
            view.From,
            view.Count,
            view.BlockFrames,
            view.Looked,
            s_names,
            [.. s_states.Select(state => view.Blocks.Sum(block => (long)block[state]))],
            single ? string.Concat(view.Blocks.Select(LetterOf)) : null,
            single ? null : [.. view.Blocks.Select(block => s_states.Select(state => block[state]).ToArray())]);
    }

    private static char LetterOf(BlockCounts block) =>
        Letters[(int)s_states.First(state => block[state] > 0)];
}
