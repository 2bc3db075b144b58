using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using RemoteSwap.Credentials;

namespace RemoteSwap.Client.Tests.Security;

/// <summary>An authority with a server and a client, in files that are gone with the test.</summary>
internal sealed class TestPki : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("remoteswap-pki-");
    private readonly CertificateAuthority _authority;

    public TestPki(DateTimeOffset? now = null)
    {
        Now = now ?? DateTimeOffset.UtcNow;
        _authority = CertificateAuthority.Create(Now, 30, out IssuedCertificate issued);
        issued.Write(Ca, Path("ca.key"));
        Issue("client", _authority.IssueClient(new Identity(IdentityKind.Tenant, "vm7"), 30));
        Issue("server", _authority.IssueServer(["localhost", "127.0.0.1"], 30));
    }

    public DateTimeOffset Now { get; }

    public CertificateAuthority Authority => _authority;

    public string Ca => Path("ca.pem");

    /// <summary>What a client of this authority uses.</summary>
    public TlsOptions Client => new()
    {
        CaFile = Ca,
        CertificateFile = Path("client.pem"),
        KeyFile = Path("client.key"),
    };

    public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    /// <summary>Puts a certificate in place of one that may be there.</summary>
    public void Issue(string name, IssuedCertificate issued)
    {
        File.Delete(Path($"{name}.pem"));
        File.Delete(Path($"{name}.key"));
        issued.Write(Path($"{name}.pem"), Path($"{name}.key"));
    }

    /// <summary>Lets others read or change a file.</summary>
    public static void OpenTo(UnixFileMode others, string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
        }
    }

    /// <summary>A token in a file.</summary>
    public string Token(string name = "token", string? token = null)
    {
        File.Delete(Path(name));
        SecretFile.Create(Path(name), (token ?? AccessToken.New()) + "\n");
        return Path(name);
    }

    /// <summary>Has a server listen with a certificate of this authority.</summary>
    /// <param name="seen">Takes the client's certificate; null: none is asked for.</param>
    /// <param name="certificate">The certificate's name.</param>
    public Action<ListenOptions> Listen(Action<X509Certificate2?>? seen = null, string certificate = "server") =>
        listener => listener.UseHttps(https =>
        {
            https.SslProtocols = TlsProtocol.Only;
            https.ClientCertificateMode = seen is null
                ? ClientCertificateMode.NoCertificate
                : ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (shown, chain, errors) =>
            {
                seen?.Invoke(shown);
                using X509Chain own = new();
                own.ChainPolicy = CaFile.Trust(CaFile.Read(Ca));
                return own.Build(shown);
            };
            https.ServerCertificate = X509Certificate2.CreateFromPemFile(
                Path($"{certificate}.pem"), Path($"{certificate}.key"));
        });

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }
}
