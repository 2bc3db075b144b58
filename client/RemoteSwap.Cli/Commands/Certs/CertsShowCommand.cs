using System.CommandLine;
using RemoteSwap.Cli.App;

namespace RemoteSwap.Cli.Commands.Certs;

/// <summary>Says of certificates whom they are for and when they expire, and whether their keys lie open.</summary>
internal sealed class CertsShowCommand : CliCommand
{
    private const int MaxFiles = 1_000;

    private readonly Argument<string[]> _paths = new("PATH")
    {
        Description = "a PEM file, or a folder of them  [.]",
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "certs show",
        CommandGroup.Access,
        "whom they are for, when they expire",
        "remoteswap certs show pki")
    {
        MoreExamples = ["remoteswap certs show pki --json | jq '.certificates[] | select(.days_left < 30) | .file'"],
        ExitCodes = "0 ok, 1 failed, 2 one has expired or a key is open to others, 64 usage, 77 not permitted",
    };

    /// <inheritdoc/>
    public override SharedSet Takes => SharedSet.Json;

    /// <inheritdoc/>
    public override IReadOnlyList<Argument> Arguments => [_paths];

    /// <inheritdoc/>
    public override Task<int> RunAsync(CommandRun run)
    {
        string[] paths = run.Value(_paths) is { Length: > 0 } given ? given : ["."];
        string[] files = [.. paths.SelectMany(FilesOf)];
        if (files.Length is 0 or > MaxFiles)
        {
            throw CommandFailedException.Failed(
                $"there are {files.Length} PEM files in {string.Join(", ", paths)}; name 1 to {MaxFiles}");
        }

        DateTimeOffset now = run.Surroundings.Time.GetUtcNow();
        CertificateRow[] rows = [.. files.SelectMany(file => CertificateRow.Read(file, now))];
        CertificateTable.Write(run, rows);
        return Task.FromResult(rows.Any(row => row.IsBad) ? ExitCode.ConditionFalse : ExitCode.Ok);
    }

    private static IEnumerable<string> FilesOf(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*.pem").Order(StringComparer.Ordinal)
        : [path];
}
