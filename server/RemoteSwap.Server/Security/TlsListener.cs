using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using RemoteSwap.Credentials;
using RemoteSwap.Server.Options;

namespace RemoteSwap.Server.Security;

/// <summary>
/// TLS 1.3 of a listener: the web server's own, with the certificate and the authorities of the moment at which a
/// connection begins. Nothing below 1.3 is spoken. No session is resumed: connections live long, and a resumed one
/// would bring an identity that was checked under other authorities.
/// </summary>
internal sealed class TlsListener(CredentialStore store, SecurityOptions options)
{
    /// <summary>Makes a listener speak TLS.</summary>
    public void Use(ListenOptions listen) => listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = Begin });

    private ValueTask<SslServerAuthenticationOptions> Begin(TlsHandshakeCallbackContext context)
    {
        SecurityState state = store.Current;
        SslServerAuthenticationOptions tls = new()
        {
            ServerCertificateContext = state.ServerCertificate,
            EnabledSslProtocols = TlsProtocol.Only,
            AllowRenegotiation = false,
            AllowTlsResume = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (state.ClientRoots is { } roots)
        {
            ConnectionIdentity? identity = context.Connection.Features.Get<ConnectionIdentity>();
            tls.ClientCertificateRequired = true;
            tls.CertificateChainPolicy = roots.NewPolicy();
            tls.RemoteCertificateValidationCallback = (_, certificate, chain, faults) =>
                IsLetIn(identity!, certificate, chain, faults, roots);
        }

        return ValueTask.FromResult(tls);
    }

    // Where a certificate is not demanded, a bad one is as good as none: the connection stands, and each call of it is
    // told what is wrong, which the end of a handshake could not say.
    private bool IsLetIn(
        ConnectionIdentity identity,
        X509Certificate? certificate,
        X509Chain? chain,
        SslPolicyErrors faults,
        ClientRoots roots)
    {
        bool isGood = certificate is X509Certificate2 shown
            && (faults == SslPolicyErrors.None && chain is not null
                ? identity.Take(shown, chain, roots, options)
                : identity.Refuse(ClientRoots.Judge(chain)));
        return isGood || !options.NeedsCertificate;
    }
}
