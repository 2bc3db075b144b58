using RemoteSwap.Store;
using RemoteSwap.Units;

namespace RemoteSwap.Server.Grpc;

/// <summary>The one table of what a tenant over a quota is told: which, how much it has, how much it asked, what to
/// do.</summary>
internal static class QuotaWords
{
    /// <summary>The name of the setting that sets a quota.</summary>
    public static string SettingOf(QuotaKind kind) => kind switch
    {
        QuotaKind.Areas => "Areas",
        QuotaKind.Pages => "Pages",
        QuotaKind.Streams => "Streams",
        QuotaKind.InFlightBytes => "InFlight",
        QuotaKind.CallRate => "CallsPerSecond",
        QuotaKind.ByteRate => "BytesPerSecond",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no quota"),
    };

    /// <summary>The words for a refusal.</summary>
    public static string Of(string tenant, in QuotaRefusal refusal) => refusal.Kind switch
    {
        QuotaKind.Areas => $"has {refusal.Used} of {refusal.Limit} areas with an owner and asks for {refusal.Asked} "
            + $"more; detach one, or raise {Setting(tenant, refusal.Kind)}",
        QuotaKind.Pages => $"has {refusal.Used} of {refusal.Limit} pages and asks for {refusal.Asked} more; "
            + $"invalidate some, or raise {Setting(tenant, refusal.Kind)}",
        QuotaKind.Streams => $"has {refusal.Used} of {refusal.Limit} streams and asks for {refusal.Asked} more; use "
            + $"fewer a client (its option Streams, --streams), or raise {Setting(tenant, refusal.Kind)}",
        QuotaKind.InFlightBytes => $"has {new ByteSize(refusal.Used)} of {new ByteSize(refusal.Limit)} under way and "
            + $"asks for {new ByteSize(refusal.Asked)} more; wait for answers, or raise "
            + Setting(tenant, refusal.Kind),
        QuotaKind.CallRate => $"may make {refusal.Limit} calls a second, is {refusal.Used} ahead of that and asks for "
            + $"{refusal.Asked} more; wait {Wait(in refusal)}, or raise {Setting(tenant, refusal.Kind)}",
        QuotaKind.ByteRate => $"may move {new ByteSize(refusal.Limit)} a second, is {new ByteSize(refusal.Used)} ahead "
            + $"of that and asks for {new ByteSize(refusal.Asked)} more; wait {Wait(in refusal)}, or raise "
            + Setting(tenant, refusal.Kind),
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal.Kind, "no quota"),
    };

    private static string Wait(in QuotaRefusal refusal) => $"{Math.Ceiling(refusal.RetryAfter.TotalMilliseconds)} ms";

    private static string Setting(string tenant, QuotaKind kind) => $"Tenants:{tenant}:Quotas:{SettingOf(kind)}";
}
