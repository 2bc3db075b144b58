using RemoteSwap.Store;

namespace RemoteSwap.Server.Grpc;

/// <summary>Quotas between the store and the wire, both ways, and the bounds of what may be asked for.</summary>
internal static class QuotaReport
{
    /// <summary>The quotas of a tenant.</summary>
    public static V1.TenantQuotas ToWire(TenantQuotas quotas) => new()
    {
        Areas = (ulong)quotas.Areas,
        Pages = (ulong)quotas.Pages,
        Streams = (ulong)quotas.Streams,
        InFlightBytes = (ulong)quotas.InFlightBytes,
        CallsPerSecond = (ulong)quotas.CallsPerSecond,
        CallBurst = (ulong)quotas.CallBurst,
        BytesPerSecond = (ulong)quotas.BytesPerSecond,
    };

    /// <summary>What a tenant has of them, and what was refused.</summary>
    public static V1.QuotaUsage UsageOf(TenantStatistics now) => new()
    {
        Areas = (ulong)(now.AttachedAreas + now.OrphanAreas),
        Streams = (ulong)Math.Max(0, now.Quota.Streams),
        InFlightBytes = (ulong)Math.Max(0, now.Quota.InFlightBytes),
        AreasRefused = (ulong)now.Quota.AreasRefused,
        PagesRefused = (ulong)now.RejectPageQuota,
        StreamsRefused = (ulong)now.Quota.StreamsRefused,
        InFlightRefused = (ulong)now.Quota.InFlightRefused,
        CallsRefused = (ulong)now.Quota.CallsRefused,
        BytesRefused = (ulong)now.Quota.BytesRefused,
        Pauses = (ulong)now.Quota.Pauses,
        PausedUs = (ulong)now.Quota.Paused.TotalMicroseconds,
    };

    /// <summary>Quotas with a change made to them; what is absent stays.</summary>
    public static TenantQuotas Change(TenantQuotas now, V1.TenantQuotas change) => new()
    {
        Areas = change.HasAreas ? (long)change.Areas : now.Areas,
        Pages = change.HasPages ? (long)change.Pages : now.Pages,
        Streams = change.HasStreams ? (long)change.Streams : now.Streams,
        InFlightBytes = change.HasInFlightBytes ? (long)change.InFlightBytes : now.InFlightBytes,
        CallsPerSecond = change.HasCallsPerSecond ? (long)change.CallsPerSecond : now.CallsPerSecond,
        CallBurst = change.HasCallBurst ? (long)change.CallBurst : now.CallBurst,
        BytesPerSecond = change.HasBytesPerSecond ? (long)change.BytesPerSecond : now.BytesPerSecond,
    };

    /// <summary>Checks a change.</summary>
    public static CallRefusal? Check(V1.TenantQuotas? change)
    {
        if (change is null)
        {
            return null;
        }

        foreach ((string field, ulong value) in new (string, ulong)[]
        {
            ("areas", change.Areas),
            ("pages", change.Pages),
            ("streams", change.Streams),
            ("in_flight_bytes", change.InFlightBytes),
            ("calls_per_second", change.CallsPerSecond),
            ("call_burst", change.CallBurst),
            ("bytes_per_second", change.BytesPerSecond),
        })
        {
            if (value > TenantQuotas.Most)
            {
                return CallRefusal.Invalid(
                    $"quotas.{field}", $"is {value}; it must be 0 (no bound) to {TenantQuotas.Most}");
            }
        }

        return null;
    }
}
