using RemoteSwap.Store;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Grpc;

/// <summary>
/// Audits tenants and puts what was found into one reply; the admin service's and the management port's.
/// </summary>
internal static class AuditReport
{
    /// <summary>Runs the audit, off the caller's thread: it takes as long as there are pages.</summary>
    public static async Task<CheckInvariantsResponse> RunAsync(
        IReadOnlyList<Tenant> tenants, bool deep, CancellationToken cancellation)
    {
        CheckInvariantsResponse response = new();
        foreach (Tenant tenant in tenants)
        {
            AuditResult audit = await Task.Run(() => StoreAudit.Run(tenant, deep), cancellation);
            response.Violations.AddRange(audit.Violations.Take(StoreAudit.MaxViolations - response.Violations.Count));
            response.Frames += (ulong)audit.Frames;
            response.Entries += (ulong)audit.Entries;
            response.ZpagesVerified += (ulong)audit.ZpagesVerified;
        }

        return response;
    }
}
