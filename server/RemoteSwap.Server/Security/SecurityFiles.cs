using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using RemoteSwap.Server.Options;

namespace RemoteSwap.Server.Security;

/// <summary>
/// All files of section "Security" as they were read at one time, and what they come to. They count together or not at
/// all: a new certificate with an old key is nobody's certificate.
/// </summary>
internal sealed class SecurityFiles
{
    private readonly SecurityFile _certificate;
    private readonly SecurityFile _key;
    private readonly SecurityFile _clientCa;
    private readonly SecurityFile _tokens;

    private SecurityFiles(SecurityOptions options)
    {
        _certificate = SecurityFile.Read(
            "Security:Certificate", options.CertificateFile, UnixFileMode.OtherWrite);
        _key = SecurityFile.Read(
            "Security:Key", options.KeyFile, UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
        _clientCa = SecurityFile.Read("Security:ClientCa", options.ClientCaFile, UnixFileMode.OtherWrite);
        _tokens = SecurityFile.Read("Security:Tokens", options.TokenFile, UnixFileMode.OtherWrite);
    }

    private IEnumerable<SecurityFile> All => [_certificate, _key, _clientCa, _tokens];

    /// <summary>Reads all files that are configured.</summary>
    public static SecurityFiles Read(SecurityOptions options) => new(options);

    /// <summary>Whether all were read the same at another time.</summary>
    public bool AreSame(SecurityFiles other) => All.Zip(other.All).All(pair => pair.First.IsSame(pair.Second));

    /// <summary>Which files were read differently at another time, for the log.</summary>
    public string Changed(SecurityFiles other) => string.Join(
        ", ", All.Zip(other.All).Where(pair => !pair.First.IsSame(pair.Second)).Select(pair => pair.First.Name));

    /// <summary>Makes of them what the server works with.</summary>
    /// <param name="before">What it works with now; authorities that did not change stay the same object.</param>
    /// <param name="now">The time.</param>
    /// <param name="errors">Takes everything that is wrong.</param>
    /// <returns>The state; meaningless if there are errors.</returns>
    public SecurityState ToState(SecurityState before, DateTimeOffset now, List<string> errors)
    {
        errors.AddRange(All.Where(file => file.Problem is not null).Select(file => $"{file.Name} {file.Problem}"));
        if (errors.Count > 0)
        {
            return before;
        }

        SecurityState state = new()
        {
            ClientRoots = _clientCa.Path.Length == 0 ? null
                : before.ClientRoots is { } roots && roots.IsOf(_clientCa.Bytes) ? roots
                : ClientRoots.Read(_clientCa.Name, _clientCa.Bytes, errors),
            Tokens = TokenFile.Read(_tokens.Name, Encoding.UTF8.GetString(_tokens.Bytes), errors),
        };
        return _certificate.Path.Length == 0 ? state : AddCertificate(before, state, now, errors);
    }

    private SecurityState AddCertificate(
        SecurityState before, SecurityState state, DateTimeOffset now, List<string> errors)
    {
        string pem = Encoding.UTF8.GetString(_certificate.Bytes);
        try
        {
            X509Certificate2Collection issuers = [];
            issuers.ImportFromPem(pem);
            X509Certificate2 certificate =
                X509Certificate2.CreateFromPem(pem, Encoding.UTF8.GetString(_key.Bytes));
            DateTimeOffset end = new(certificate.NotAfter);

            // One that has ended while it was in force is no reason to keep tokens that were taken away.
            if (now > end && before.ServerCertificateEnd != end)
            {
                errors.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_certificate.Name} ended at {end.UtcDateTime:u}; no client would take it"));
            }

            issuers.RemoveAt(0);
            return state with
            {
                ServerCertificate = SslStreamCertificateContext.Create(certificate, issuers, offline: true),
                ServerCertificateEnd = end,
            };
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            errors.Add(
                $"{_certificate.Name} and {_key.Name} cannot be used together as a certificate and its key in PEM, not "
                + $"encrypted: {failure.Message}");
            return state;
        }
    }
}
