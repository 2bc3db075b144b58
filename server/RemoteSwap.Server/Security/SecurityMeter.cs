using System.Diagnostics.Metrics;
using RemoteSwap.Server.Access;
using RemoteSwap.Server.Telemetry;

namespace RemoteSwap.Server.Security;

/// <summary>Metrics of who was refused, and of the files that say who may call. Counts nothing itself.</summary>
internal sealed class SecurityMeter
{
    /// <summary>Creates the instruments.</summary>
    public SecurityMeter(IMeterFactory meters, AccessPolicy policy, CredentialStore store)
    {
        Meter meter = meters.Create(ServerMeter.MeterName);
        meter.CreateObservableCounter(
            "remoteswap.access.refused",
            () => AccessPolicy.Reasons.Select(reason => new Measurement<long>(
                policy.Refused(reason), KeyValuePair.Create("reason", (object?)NameOf(reason)))),
            "{call}",
            "Calls refused because of who made them, and requests of streams for another tenant.");
        meter.CreateObservableCounter(
            "remoteswap.credentials.reloads",
            () => (Measurement<long>[])
            [
                new(store.Reloads, KeyValuePair.Create("outcome", (object?)"taken")),
                new(store.Failures, KeyValuePair.Create("outcome", (object?)"failed")),
            ],
            "{event}",
            "Changes of the files with certificates and tokens.");
        meter.CreateObservableGauge(
            "remoteswap.certificate.end",
            () => store.Current.ServerCertificateEnd?.ToUnixTimeSeconds() ?? 0,
            "s",
            "When the server's certificate ends, in seconds since 1970; 0: it has none.");
    }

    private static string NameOf(AccessReason reason) => AccessReasons.NameOf(reason).ToLowerInvariant();
}
