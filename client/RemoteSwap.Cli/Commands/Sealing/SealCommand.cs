using System.CommandLine;
using RemoteSwap.Client;

namespace RemoteSwap.Cli.Commands.Sealing;

/// <summary>Says what an area's key ring is; what changes it stands below.</summary>
internal sealed class SealCommand : CliCommand
{
    private readonly SealArguments _seal = new();
    private readonly CliCommand[] _below = [new SealRotateCommand(), new SealRewrapCommand(), new SealShredCommand()];

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "seal",
        CommandGroup.Device,
        "key rings: show; rotate, rewrap, shred",
        "remoteswap seal rotate --seal-key vm7.key")
    {
        Notes =
        [
            "A key ring has the data keys of one area, wrapped by the key that --seal-key or --seal-command names.",
            "It is made when the area is first used. Without the ring, or without the key, its pages are noise: a VM",
            "that moves takes the ring along. Make a key: (umask 077; head -c 32 /dev/urandom > vm7.key).",
        ],
    };

    /// <inheritdoc/>
    public override SharedSet Takes => SharedSet.Server | SharedSet.Area | SharedSet.Json;

    /// <inheritdoc/>
    public override IReadOnlyList<CliCommand> Subcommands => _below;

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => _seal.All;

    /// <inheritdoc/>
    public override Task<int> RunAsync(CommandRun run)
    {
        using KeyRing ring = SealReport.Open(run, _seal);
        return Task.FromResult(SealReport.Write(run, ring, ""));
    }
}
