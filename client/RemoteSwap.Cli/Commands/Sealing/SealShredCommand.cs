using System.CommandLine;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Parsing;
using RemoteSwap.Client;

namespace RemoteSwap.Cli.Commands.Sealing;

/// <summary>Erases a ring, and with it all pages of its area, wherever they are.</summary>
internal sealed class SealShredCommand : CliCommand
{
    private readonly SealArguments _seal = new();
    private readonly Option<bool> _yes = ValueReader.Switch("--yes", "do it; without this nothing is erased");

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "seal shred",
        CommandGroup.Device,
        "erase the keys: all pages become noise",
        "remoteswap seal shred --seal-key vm7.key --yes")
    {
        Notes =
        [
            "There is no way back. Ending a device with --detach does it too, and so does beginning with --empty. On a",
            "disk that writes elsewhere than it is told (SSDs, snapshots) the wrapped keys may outlive the file: keep",
            "rings on a file system in memory, or destroy the key that wraps them. The key itself is not needed here.",
        ],
    };

    /// <inheritdoc/>
    public override SharedSet Takes => SharedSet.Server | SharedSet.Area;

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => [_yes, .. _seal.All];

    /// <inheritdoc/>
    public override Task<int> RunAsync(CommandRun run)
    {
        SealOptions options = _seal.Of(run) ?? new SealOptions();
        try
        {
            if (!run.Value(_yes))
            {
                string path = KeyRing.PathOf(options, run.Server.TenantOrDefault, run.Area);
                throw CommandFailedException.Usage($"'{path}' is the only way to its pages; give --yes to erase it");
            }

            string erased = KeyRing.Erase(options, run.Server.TenantOrDefault, run.Area);
            run.Output.WriteLine($"erased: {erased}");
            return Task.FromResult(ExitCode.Ok);
        }
        catch (ArgumentException)
        {
            throw CommandFailedException.Usage(
                "name the folder of key rings with --seal-rings FOLDER, or the key with --seal-key FILE");
        }
    }
}
