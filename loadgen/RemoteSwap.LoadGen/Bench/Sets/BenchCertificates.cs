using RemoteSwap.Credentials;
using RemoteSwap.LoadGen.Bench.Cases;

namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>An authority, a server and one tenant, in files of a private folder.</summary>
internal sealed class BenchCertificates
{
    private const int Days = 1;
    private readonly string _folder;

    private BenchCertificates(string folder) => _folder = folder;

    /// <summary>What a server that shows its certificate, and wants one of clients, is told.</summary>
    public string[] ServerSettings =>
    [
        $"--Security:Certificate={File("server.pem")}", $"--Security:Key={File("server.key")}",
        $"--Security:ClientCa={File("ca.pem")}", "--Security:ClientCertificates=Required",
    ];

    /// <summary>Makes them.</summary>
    /// <param name="folder">A folder that only this user can read.</param>
    /// <param name="tenant">The tenant.</param>
    public static BenchCertificates Make(string folder, string tenant)
    {
        BenchCertificates made = new(folder);
        using CertificateAuthority authority = CertificateAuthority.Create(
            TimeProvider.System.GetUtcNow(), Days, out IssuedCertificate ca);
        ca.Write(made.File("ca.pem"), made.File("ca.key"));
        authority.IssueServer(["127.0.0.1"], Days).Write(made.File("server.pem"), made.File("server.key"));
        authority.IssueClient(new Identity(IdentityKind.Tenant, tenant), Days)
            .Write(made.File("client.pem"), made.File("client.key"));
        return made;
    }

    /// <summary>The same work over TLS.</summary>
    public WorkJob Secure(WorkJob job) => job with
    {
        Server = new UriBuilder(job.Server) { Scheme = Uri.UriSchemeHttps }.Uri.ToString(),
        Ca = File("ca.pem"),
        Certificate = File("client.pem"),
        Key = File("client.key"),
    };

    private string File(string name) => Path.Combine(_folder, name);
}
