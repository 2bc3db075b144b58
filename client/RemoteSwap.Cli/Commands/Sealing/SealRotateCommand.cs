using System.CommandLine;
using RemoteSwap.Client;

namespace RemoteSwap.Cli.Commands.Sealing;

/// <summary>Adds a data key for new pages.</summary>
internal sealed class SealRotateCommand : CliCommand
{
    private readonly SealArguments _seal = new();

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "seal rotate",
        CommandGroup.Device,
        "add a data key for new pages",
        "remoteswap seal rotate --seal-key vm7.key")
    {
        Notes =
        [
            "Pages that are there stay readable, and are not touched. A device that runs seals with the new key when",
            "it is started again. A ring has 64 keys at most; an area that begins empty begins with a new ring.",
        ],
    };

    /// <inheritdoc/>
    public override SharedSet Takes => SharedSet.Server | SharedSet.Area | SharedSet.Json;

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => _seal.All;

    /// <inheritdoc/>
    public override Task<int> RunAsync(CommandRun run)
    {
        using KeyRing ring = SealReport.Open(run, _seal);
        ring.Rotate();
        return Task.FromResult(SealReport.Write(run, ring, "rotated: "));
    }
}
