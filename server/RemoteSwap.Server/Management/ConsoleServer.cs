using RemoteSwap.Store;

namespace RemoteSwap.Server.Management;

/// <summary>The server's figures as the console reads them; docs/CONSOLE-API.md says what each is.</summary>
internal sealed record ConsoleServer(
    long LimitBytes,
    long ConfiguredLimitBytes,
    string LimitReason,
    long UsedBytes,
    bool ReachedLimit,
    long CommittedBytes,
    long ResidentBytes,
    long ManagedHeapBytes,
    long SpillUsedBytes,
    long SpillLimitBytes,
    double CpuSeconds)
{
    public static ConsoleServer Of(StoreStatistics now) => new(
        now.LimitBytes,
        now.ConfiguredLimitBytes,
        now.LimitReason,
        now.UsedBytes,
        now.HasReachedLimit,
        now.CommittedBytes,
        Environment.WorkingSet,
        GC.GetTotalMemory(forceFullCollection: false),
        now.SpillUsedBytes,
        now.SpillLimitBytes,
        Math.Round(Environment.CpuUsage.TotalTime.TotalSeconds, 3));
}
