using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RemoteSwap.Credentials;
using RemoteSwap.Server.Access;

namespace RemoteSwap.Server.Security;

/// <summary>
/// The authorities whose certificates clients may show: these and no other, whatever the system trusts. What it is not:
/// a check for revocation; a certificate holds until it ends or its authority is taken out of the file. Immutable,
/// thread-safe.
/// </summary>
internal sealed class ClientRoots
{
    // RFC 5280, 4.2.1.12: id-kp-clientAuth. A server's certificate of the same authority is no client's.
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly byte[] _source;
    private readonly X509Certificate2Collection _roots = [];
    private readonly X509Certificate2Collection _others = [];

    private ClientRoots(byte[] source) => _source = source;

    /// <summary>Reads authorities.</summary>
    /// <param name="name">What to call the file.</param>
    /// <param name="pem">Its bytes.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public static ClientRoots? Read(string name, byte[] pem, List<string> errors)
    {
        X509Certificate2Collection all = [];
        try
        {
            all.ImportFromPem(System.Text.Encoding.UTF8.GetString(pem));
        }
        catch (CryptographicException failure)
        {
            errors.Add($"{name} cannot be read as certificates in PEM: {failure.Message}");
            return null;
        }

        ClientRoots roots = new(pem);
        foreach (X509Certificate2 certificate in all)
        {
            bool isRoot = certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
            (isRoot ? roots._roots : roots._others).Add(certificate);
        }

        if (roots._roots.Count > 0)
        {
            return roots;
        }

        errors.Add($"{name} has no authority's certificate that is signed by itself, so no client could be trusted");
        return null;
    }

    /// <summary>Whether they came of the same bytes.</summary>
    public bool IsOf(ReadOnlySpan<byte> pem) => pem.SequenceEqual(_source);

    /// <summary>How a client's certificate is checked.</summary>
    public X509ChainPolicy NewPolicy()
    {
        X509ChainPolicy policy = CaFile.Trust(_roots);
        policy.ExtraStore.AddRange(_others);
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return policy;
    }

    /// <summary>Checks a certificate that was good under other authorities.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="between">What came with it.</param>
    public AccessDenial? Check(X509Certificate2 certificate, X509Certificate2Collection between)
    {
        using X509Chain chain = new() { ChainPolicy = NewPolicy() };
        chain.ChainPolicy.ExtraStore.AddRange(between);
        bool isGood = chain.Build(certificate);
        AccessDenial? denial = isGood ? null : Judge(chain);
        foreach (X509ChainElement element in chain.ChainElements)
        {
            element.Certificate.Dispose();
        }

        return denial;
    }

    /// <summary>Why a certificate is not good.</summary>
    public static AccessDenial Judge(X509Chain? chain)
    {
        X509ChainStatusFlags[] faults = [.. chain?.ChainStatus.Select(status => status.Status) ?? []];
        bool isTimeOnly = faults.Length > 0 && Array.TrueForAll(
            faults, fault => fault is X509ChainStatusFlags.NotTimeValid);
        return isTimeOnly
            ? new AccessDenial(
                AccessReason.ExpiredCredential, "is a certificate whose time is over or has not begun; show a new one")
            : new AccessDenial(
                AccessReason.UnknownCredential,
                $"is a certificate that this server's authorities do not stand for ({string.Join(", ", faults)})");
    }
}
