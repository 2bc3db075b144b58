using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using RemoteSwap.Server.Access;

namespace RemoteSwap.Server.Security;

/// <summary>
/// A client's certificate that was good when its connection began. It counts until it, or an issuer of it, ends; when
/// the file of authorities has changed it is checked anew, once.
/// <para>Thread-safe: what is remembered is which authorities it was found good under last.</para>
/// </summary>
internal sealed class CertificateCredential : ICredential
{
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _issuers;
    private readonly DateTimeOffset _end;
    private ClientRoots? _goodUnder;
    private Verdict? _bad;

    /// <summary>Creates one.</summary>
    /// <param name="caller">Whom it names.</param>
    /// <param name="chain">The chain that was built for it: itself first, an authority last.</param>
    /// <param name="goodUnder">The authorities that it was found good under.</param>
    public CertificateCredential(Caller caller, X509Chain chain, ClientRoots goodUnder)
    {
        Caller = caller;
        _goodUnder = goodUnder;

        // The transport's own end with the handshake.
        X509Certificate2[] copies =
        [
            .. chain.ChainElements.Select(
                element => X509CertificateLoader.LoadCertificate(element.Certificate.RawData)),
        ];
        _certificate = copies[0];
        _issuers = [.. copies[1..]];
        _end = copies.Min(copy => new DateTimeOffset(copy.NotAfter));
    }

    /// <inheritdoc/>
    public Caller Caller { get; }

    /// <inheritdoc/>
    public AccessDenial? Check(SecurityState state, DateTimeOffset now)
    {
        if (now > _end)
        {
            return new AccessDenial(
                AccessReason.ExpiredCredential,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"is a certificate of {Caller} that ended at {_end.UtcDateTime:u}; connect again with a new one"));
        }

        ClientRoots? roots = state.ClientRoots;
        if (ReferenceEquals(roots, Volatile.Read(ref _goodUnder)))
        {
            return null;
        }

        if (Volatile.Read(ref _bad) is { } bad && ReferenceEquals(roots, bad.Under))
        {
            return bad.Denial;
        }

        AccessDenial? denial = roots is null
            ? new AccessDenial(AccessReason.UnknownCredential, "is a certificate, and none are known any more")
            : roots.Check(_certificate, _issuers);
        if (denial is { } refused)
        {
            Volatile.Write(ref _bad, new Verdict(roots, refused));
        }
        else
        {
            Volatile.Write(ref _goodUnder, roots);
        }

        return denial;
    }

    // What was found under which authorities: a chain is built once, and not for each call of whoever is refused.
    private sealed record Verdict(ClientRoots? Under, AccessDenial Denial);
}
