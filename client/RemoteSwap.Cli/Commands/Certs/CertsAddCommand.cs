using System.CommandLine;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Parsing;
using RemoteSwap.Credentials;

namespace RemoteSwap.Cli.Commands.Certs;

/// <summary>Has an authority that is there sign further certificates, or renew some.</summary>
internal sealed class CertsAddCommand : CliCommand
{
    private readonly CertificateOptions _options = new();

    private readonly Option<bool> _renew = ValueReader.Switch(
        "--renew", "put them, with new keys, in place of those that are there");

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "certs add",
        CommandGroup.Access,
        "sign more with it, or renew",
        "remoteswap certs add --out pki --tenant vm8")
    {
        Notes =
        [
            "Reads ca.pem and ca.key of the folder. --server-name makes the server's, with all names that it has.",
            "Server, clients and devices read their files again for each new connection: a renewal needs no restart.",
        ],
        MoreExamples = ["remoteswap certs add --out pki --tenant vm7 --renew"],
        ExitCodes = "0 ok, 1 a file is there already or can not be written, 64 usage, 77 not permitted",
    };

    /// <inheritdoc/>
    public override SharedSet Takes => SharedSet.Json;

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => [.. _options.All, _renew];

    /// <inheritdoc/>
    public override Task<int> RunAsync(CommandRun run)
    {
        CertificateFolder folder = _options.Folder(run);
        IReadOnlyList<Identity> identities = _options.Identities(run);
        IReadOnlyList<string> names = _options.ServerNames(run);
        if (identities.Count == 0 && names.Count == 0)
        {
            throw CommandFailedException.Usage("nothing to make; give --tenant, --admin or --server-name");
        }

        string[] files =
        [
            .. names.Count > 0 ? [CertificateFolder.Server] : Array.Empty<string>(),
            .. identities.Select(CertificateFolder.NameOf),
        ];
        bool renews = run.Value(_renew);
        if (!renews)
        {
            folder.RequireAbsent(files);
        }

        DateTimeOffset now = run.Surroundings.Time.GetUtcNow();
        int days = _options.Days(run);
        using CertificateAuthority authority = folder.OpenAuthority(now);
        List<(string, IssuedCertificate)> all =
            [.. identities.Select(one => (CertificateFolder.NameOf(one), authority.IssueClient(one, days)))];
        if (names.Count > 0)
        {
            all.Add((CertificateFolder.Server, authority.IssueServer(names, days)));
        }

        folder.Write(all, renews);
        CertificateTable.Write(run, [.. files.SelectMany(name => CertificateRow.Read(folder.Certificate(name), now))]);
        return Task.FromResult(ExitCode.Ok);
    }
}
