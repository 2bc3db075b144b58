using System.Collections.Frozen;
using System.Runtime.InteropServices;
using RemoteSwap.Server.Access;

namespace RemoteSwap.Server.Security;

/// <summary>
/// Who may call what: every method of every service, in one place. What is not here may be called by nobody. A test
/// walks all descriptors and all routes.
/// <para>
/// An administrator has no pages: whoever may drain the server and set limits can not read what tenants keep there.
/// </para>
/// </summary>
internal static class AccessTable
{
    private static readonly FrozenDictionary<string, Entry> s_methods = new Dictionary<string, Entry>(
        StringComparer.Ordinal)
    {
        ["/remoteswap.v1.PageStoreService/Store"] = new(AccessRule.Tenant),
        ["/remoteswap.v1.PageStoreService/Load"] = new(AccessRule.Tenant),
        ["/remoteswap.v1.PageStoreService/Invalidate"] = new(AccessRule.Tenant),
        ["/remoteswap.v1.PageStoreService/InvalidateArea"] = new(AccessRule.Tenant),
        ["/remoteswap.v1.PageStoreService/Reclaim"] = new(AccessRule.TenantOrAdmin),
        ["/remoteswap.v1.PageStoreService/Ping"] = new(AccessRule.Known),
        ["/remoteswap.v1.PageStoreService/Exchange"] = new(AccessRule.Tenant, IsStream: true),
        ["/remoteswap.v1.AreaService/Attach"] = new(AccessRule.Tenant),
        ["/remoteswap.v1.AreaService/KeepAlive"] = new(AccessRule.Tenant),
        ["/remoteswap.v1.AreaService/Detach"] = new(AccessRule.Tenant),
        ["/remoteswap.v1.AreaService/ListPages"] = new(AccessRule.Tenant),
        ["/remoteswap.v1.EvictionService/Evictions"] = new(AccessRule.Tenant, IsStream: true),
        ["/remoteswap.v1.AdminService/ListTenants"] = new(AccessRule.Admin),
        ["/remoteswap.v1.AdminService/GetTenant"] = new(AccessRule.TenantOrAdmin),
        ["/remoteswap.v1.AdminService/SetTenantLimits"] = new(AccessRule.Admin),
        ["/remoteswap.v1.AdminService/CheckInvariants"] = new(AccessRule.Admin),
        ["/remoteswap.v1.AdminService/Compact"] = new(AccessRule.Admin),
        ["/remoteswap.v1.AdminService/MarkIdle"] = new(AccessRule.Admin),
        ["/remoteswap.v1.AdminService/ListAreas"] = new(AccessRule.Admin),
        ["/remoteswap.v1.AdminService/Drain"] = new(AccessRule.Admin),

        // Says one word, and whoever balances load has no credential. A watch holds a stream, so it is for the known.
        ["/grpc.health.v1.Health/Check"] = new(AccessRule.Anybody),
        ["/grpc.health.v1.Health/Watch"] = new(AccessRule.Known, IsStream: true),
        ["/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"] = new(AccessRule.Admin, IsStream: true),
        ["/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"] = new(AccessRule.Admin, IsStream: true),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The methods, as paths of requests.</summary>
    public static IEnumerable<string> Methods => s_methods.Keys;

    /// <summary>Finds who may call a method.</summary>
    /// <param name="path">The path of the request; another spelling of it is another method.</param>
    /// <param name="isStream">Whether the call may outlive its credential.</param>
    public static AccessRule RuleOf(string path, out bool isStream)
    {
        bool isThere = s_methods.TryGetValue(path, out Entry entry);
        isStream = entry.IsStream;
        return isThere ? entry.Rule : AccessRule.None;
    }

    /// <summary>Asks whether a caller may call a method at all; for which tenant is another question.</summary>
    public static bool Allows(AccessRule rule, CallerKind caller) => rule switch
    {
        AccessRule.Anybody => true,
        AccessRule.Known or AccessRule.TenantOrAdmin => caller is CallerKind.Tenant or CallerKind.Admin,
        AccessRule.Tenant => caller is CallerKind.Tenant,
        AccessRule.Admin => caller is CallerKind.Admin,
        _ => false,
    };

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(AccessRule Rule, bool IsStream = false);
}
