using RemoteSwap.V1;

namespace RemoteSwap.Cli.Commands.Stat;

/// <summary>The server's figures under the names that <c>stat --json</c> uses.</summary>
/// <param name="Version">Version of the server.</param>
/// <param name="LimitBytes">Memory that all tenants together may use.</param>
/// <param name="UsedBytes">Memory that they use.</param>
/// <param name="ReachedLimit">Whether the limit was hit and usage has not yet fallen to the accept threshold.</param>
/// <param name="CommittedBytes">Memory of the arena that the system has given.</param>
/// <param name="ResidentBytes">Resident memory of the process.</param>
/// <param name="ManagedHeapBytes">Its managed heap.</param>
/// <param name="SpillUsedBytes">Bytes of the spill file in use.</param>
/// <param name="SpillLimitBytes">Bytes that it may have; 0: there is none.</param>
/// <param name="CpuSeconds">Processor time of the process.</param>
/// <param name="ConfiguredLimitBytes">Memory that they may use when the server is not short of it.</param>
/// <param name="LimitReason">Why the limit is below the configured one; empty: it is not.</param>
/// <param name="CompactRuns">Compactions that merged or moved frames.</param>
/// <param name="CompactLongestHoldUs">The longest time that a step of them held a lock, in microseconds.</param>
internal sealed record ServerFigures(
    string Version,
    ulong LimitBytes,
    ulong UsedBytes,
    bool ReachedLimit,
    ulong CommittedBytes,
    ulong ResidentBytes,
    ulong ManagedHeapBytes,
    ulong SpillUsedBytes,
    ulong SpillLimitBytes,
    double CpuSeconds,
    ulong ConfiguredLimitBytes,
    string LimitReason,
    ulong CompactRuns,
    ulong CompactLongestHoldUs)
{
    /// <summary>The figures of a server.</summary>
    public static ServerFigures Of(ServerStatistics now) => new(
        now.Version,
        now.LimitBytes,
        now.UsedBytes,
        now.ReachedLimit,
        now.CommittedBytes,
        now.ResidentBytes,
        now.ManagedHeapBytes,
        now.SpillUsedBytes,
        now.SpillLimitBytes,
        now.CpuSeconds,
        now.ConfiguredLimitBytes,
        now.LimitReason,
        now.CompactRuns,
        now.CompactLongestHoldUs);
}
