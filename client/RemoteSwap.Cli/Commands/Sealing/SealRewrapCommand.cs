using System.CommandLine;
using RemoteSwap.Cli.App;
using RemoteSwap.Client;

namespace RemoteSwap.Cli.Commands.Sealing;

/// <summary>Wraps a ring's keys with another user key.</summary>
internal sealed class SealRewrapCommand : CliCommand
{
    private readonly SealArguments _seal = new();

    private readonly Option<string?> _file = new("--new-key")
    {
        HelpName = "FILE",
        Description = "the new key: 32 bytes, Base64 or hex; mode 600",
    };

    private readonly Option<string?> _program = new("--new-command")
    {
        HelpName = "PROGRAM",
        Description = "instead: the program that wraps and unwraps it",
    };

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "seal rewrap",
        CommandGroup.Device,
        "wrap the data keys with another key",
        "remoteswap seal rewrap --seal-key a.key --new-key b.key")
    {
        Notes =
        [
            "Pages are not touched. The ring stays where it is: give --seal-rings from then on if that is not the new",
            "key's FILE.rings. Who has the old key and an old copy of the ring can still read; rotate too, then.",
        ],
    };

    /// <inheritdoc/>
    public override SharedSet Takes => SharedSet.Server | SharedSet.Area | SharedSet.Json;

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => [_file, _program, .. _seal.All];

    /// <inheritdoc/>
    public override Task<int> RunAsync(CommandRun run)
    {
        string? file = run.Value(_file);
        string? program = run.Value(_program);
        if (file is null == program is null)
        {
            throw CommandFailedException.Usage("name the new key with --new-key FILE or --new-command PROGRAM");
        }

        using KeyRing ring = SealReport.Open(run, _seal);
        ring.Rewrap(new SealOptions { KeyFile = file, KeyCommand = program });
        return Task.FromResult(SealReport.Write(run, ring, "rewrapped: "));
    }
}
