using System.Diagnostics;
using RemoteSwap.Server.Hosting;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Grpc;

/// <summary>The statistics messages of the admin service; the management port's JSON is made of them too.</summary>
internal static class TenantReport
{
    public static V1.TenantStatistics Of(Tenant tenant)
    {
        TenantStatistics now = new(tenant);
        return new V1.TenantStatistics
        {
            Tenant = now.Tenant,
            Enabled = now.IsEnabled,
            ReachedLimit = now.HasReachedLimit,
            Poisoned = now.Poison is not null,
            LimitBytes = (ulong)now.LimitBytes,
            UsedBytes = (ulong)now.UsedBytes,
            AcceptThresholdPercent = (uint)now.AcceptThresholdPercent,
            PoolFrames = (ulong)now.PoolFrames,
            BuddiedFrames = (ulong)now.BuddiedFrames,
            UnbuddiedFrames = (ulong)now.UnbuddiedFrames,
            HeadlessFrames = (ulong)now.HeadlessFrames,
            IndexBytes = (ulong)now.IndexBytes,
            HeaderBytes = (ulong)now.HeaderBytes,
            StoredPages = (ulong)now.StoredPages,
            SameFilledPages = (ulong)now.SameFilledPages,
            StoredIncompressiblePages = (ulong)now.IncompressiblePages,
            SpilledPages = (ulong)now.SpilledPages,
            ZpageBytes = (ulong)now.ZpageBytes,
            Density = now.Density,
            Stores = (ulong)now.Stores,
            Loads = (ulong)now.Loads,
            LoadMisses = (ulong)now.LoadMisses,
            Invalidations = (ulong)now.Invalidations,
            DuplicateEntry = (ulong)now.DuplicateEntry,
            PoolLimitHit = (ulong)now.PoolLimitHit,
            RejectReclaimFail = (ulong)now.RejectReclaimFail,
            RejectAllocFail = (ulong)now.RejectAllocFail,
            RejectKmemcacheFail = (ulong)now.RejectMetadataFail,
            RejectCompressPoor = (ulong)now.RejectCompressPoor,
            RejectDisabled = (ulong)now.RejectDisabled,
            Stale = (ulong)now.Stale,
            WrittenBackPages = (ulong)now.WrittenBackPages,
            ReclaimedFrames = (ulong)now.ReclaimedFrames,
            ReclaimFail = (ulong)now.ReclaimFail,
            SpillLoads = (ulong)now.SpillLoads,
            PromotedPages = (ulong)now.PromotedPages,
            CorruptPages = (ulong)now.CorruptPages,
            ExclusivePending = (ulong)now.ExclusivePending,
            ScrubbedPages = (ulong)now.ScrubbedPages,
            ScrubCorruptPages = (ulong)now.ScrubCorruptPages,
            EvictedPages = (ulong)now.EvictedPages,
            EvictionsOutstanding = (ulong)now.EvictionsOut,
            EvictionsTaken = (ulong)now.EvictionsTaken,
            EvictionsSuperseded = (ulong)now.EvictionsSuperseded,
            EvictionsFailed = (ulong)now.EvictionsFailed,
            EvictedLoads = (ulong)now.EvictedLoads,
            MergedFrames = (ulong)now.MergedFrames,
            MovedFrames = (ulong)now.MovedFrames,
            CompactBusy = (ulong)now.CompactBusy,
            GuaranteeBytes = (ulong)now.GuaranteeBytes,
            Weight = (uint)now.Weight,
            Ephemeral = now.Retention == Retention.Ephemeral,
            ReclaimedOwnLimitFrames = (ulong)now.OwnLimitFrames,
            ReclaimedServerLimitFrames = (ulong)now.ServerLimitFrames,
            ReclaimedRequestedFrames = (ulong)now.RequestedFrames,
            ReclaimedOwnLimitPages = (ulong)now.OwnLimitPages,
            ReclaimedServerLimitPages = (ulong)now.ServerLimitPages,
            ReclaimedRequestedPages = (ulong)now.RequestedPages,
            ReclaimedIdleFrames = (ulong)now.IdleFramesReclaimed,
            MarkedIdleFrames = (ulong)now.IdleFramesMarked,
            SecondChances = (ulong)now.SecondChances,
            DroppedPages = (ulong)now.DroppedPages,
            Quotas = QuotaReport.ToWire(now.Quota.Quotas),
            QuotaUsage = QuotaReport.UsageOf(now),
        };
    }

    public static V1.ServerStatistics Of(PageStore store)
    {
        StoreStatistics now = store.Statistics;
        using Process process = Process.GetCurrentProcess();
        return new V1.ServerStatistics
        {
            LimitBytes = (ulong)now.LimitBytes,
            UsedBytes = (ulong)now.UsedBytes,
            CommittedBytes = (ulong)now.CommittedBytes,
            ResidentBytes = (ulong)process.WorkingSet64,
            ManagedHeapBytes = (ulong)GC.GetTotalMemory(forceFullCollection: false),
            ReachedLimit = now.HasReachedLimit,
            SpillUsedBytes = (ulong)now.SpillUsedBytes,
            SpillLimitBytes = (ulong)now.SpillLimitBytes,
            CpuSeconds = process.TotalProcessorTime.TotalSeconds,
            Version = ProductVersion.Text,
            ScrubPasses = (ulong)now.ScrubPasses,
            ConfiguredLimitBytes = (ulong)now.ConfiguredLimitBytes,
            LimitReason = now.LimitReason,
            DrainedPages = (ulong)store.Warm.Drained.Pages,
            DrainSeconds = store.Warm.Drained.Elapsed.TotalSeconds,
            RestoredPages = (ulong)store.Warm.Restored.Pages,
            RestoreSeconds = store.Warm.Restored.Elapsed.TotalSeconds,
            CompactRuns = (ulong)now.CompactRuns,
            CompactLongestHoldUs = (ulong)Math.Ceiling(now.CompactLongestHold.TotalMicroseconds),
        };
    }

    public static V1.ListTenantsResponse OfAll(PageStore store)
    {
        V1.ListTenantsResponse response = new() { Server = Of(store) };
        foreach (Tenant tenant in store.Tenants)
        {
            response.Tenants.Add(Of(tenant));
        }

        return response;
    }
}
