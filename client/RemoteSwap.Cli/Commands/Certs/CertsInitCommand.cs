using System.CommandLine;
using RemoteSwap.Cli.App;
using RemoteSwap.Credentials;

namespace RemoteSwap.Cli.Commands.Certs;

/// <summary>Makes an authority, a server's certificate, and those of tenants and administrators.</summary>
internal sealed class CertsInitCommand : CliCommand
{
    private readonly CertificateOptions _options = new();

    /// <inheritdoc/>
    public override CommandText Text { get; } = new(
        "certs init",
        CommandGroup.Access,
        "make an authority and what it signs",
        "remoteswap certs init --out pki --tenant vm7")
    {
        Notes =
        [
            "Makes ca.pem, ca.key, server.pem, server.key, and tenant-NAME or admin-NAME .pem and .key; keys are 0600.",
            "Keep ca.key away from server and clients: whoever has it is anybody. The server gets server.* and ca.pem,",
            "a client its own two files and ca.pem. Nothing is revoked: let certificates live shortly, and renew them.",
            "Without --server-name: localhost, 127.0.0.1, ::1 and this machine's name.",
        ],
        MoreExamples = ["remoteswap certs init --out pki --server-name pages.example --admin me --days 90"],
        ExitCodes = "0 ok, 1 a file is there already or can not be written, 64 usage, 77 not permitted",
    };

    /// <inheritdoc/>
    public override SharedSet Takes => SharedSet.Json;

    /// <inheritdoc/>
    public override IReadOnlyList<Option> Options => _options.All;

    /// <inheritdoc/>
    public override Task<int> RunAsync(CommandRun run)
    {
        CertificateFolder folder = _options.Folder(run);
        IReadOnlyList<Identity> identities = _options.Identities(run);
        IReadOnlyList<string> names = _options.ServerNames(run) is { Count: > 0 } given ? given : DefaultNames();
        string[] files =
        [
            CertificateFolder.Ca, CertificateFolder.Server, .. identities.Select(CertificateFolder.NameOf),
        ];
        folder.RequireAbsent(files);

        DateTimeOffset now = run.Surroundings.Time.GetUtcNow();
        using CertificateAuthority authority = CertificateAuthority.Create(
            now, CertificateAuthority.MaxDays, out IssuedCertificate issued);
        int days = _options.Days(run);
        folder.Write(
            [
                (CertificateFolder.Ca, issued),
                (CertificateFolder.Server, authority.IssueServer(names, days)),
                .. identities.Select(one => (CertificateFolder.NameOf(one), authority.IssueClient(one, days))),
            ],
            replaces: false);
        CertificateTable.Write(run, [.. files.SelectMany(name => CertificateRow.Read(folder.Certificate(name), now))]);
        return Task.FromResult(ExitCode.Ok);
    }

    private static string[] DefaultNames()
    {
        string[] always = ["localhost", "127.0.0.1", "::1"];
        string machine = Environment.MachineName;
        return Uri.CheckHostName(machine) == UriHostNameType.Dns ? [machine, .. always] : always;
    }
}
