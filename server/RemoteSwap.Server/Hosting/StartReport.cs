using RemoteSwap.Codec;
using RemoteSwap.Server.Options;
using RemoteSwap.Server.Pressure;
using RemoteSwap.Store;
using RemoteSwap.Units;

namespace RemoteSwap.Server.Hosting;

/// <summary>
/// What a server says once when it has started: a readable line for each thing an operator wants to know.
/// </summary>
internal static class StartReport
{
    public static IEnumerable<string> Lines(PageServer server)
    {
        ValidSettings settings = server.Settings;
        yield return $"remoteswap-server {ProductVersion.Text}";
        yield return $"  pages (gRPC)    {server.GrpcAddress}  {WhoMayCall(settings)}";
        yield return server.ManagementAddress is null
            ? "  management      off"
            : $"  management      {server.ManagementAddress}  "
                + $"console, health/ready{(settings.Prometheus ? ", metrics" : "")}, admin/tenants"
                + (settings.Security.ManagementNeedsAdmin ? "; for administrators, but for health" : "");
        foreach (string danger in settings.Security.Insecure)
        {
            yield return $"  INSECURE        {danger}";
        }

        ByteSize memory = new(settings.Store.LimitBytes);
        yield return $"  memory          {memory} for all tenants, taken as pages come";
        yield return $"  short memory    {PressureText(settings)}";
        yield return settings.SpillPath.Length == 0
            ? "  spill           none: a full pool refuses pages, nothing is reclaimed"
            : $"  spill           {settings.SpillPath}, {new ByteSize(settings.SpillLimitBytes)}";
        if (server.PageStore.Kept.Restored is { } restored && restored.Kept + restored.Dropped > 0)
        {
            yield return $"  kept            {restored.Kept:N0} pages of its last life; lost though they were in the "
                + $"spill file: {restored.Dropped:N0} ({restored.Damaged:N0} damaged, {restored.Unreadable:N0} "
                + $"unreadable, {restored.Foreign:N0} of no tenant or place here, {restored.Doubtful:N0} doubtful, "
                + $"{restored.Crowded:N0} without room)";
        }

        yield return settings.StateFolder.Length == 0
            ? "  state           none: nothing outlives this server"
            : $"  state           {settings.StateFolder}";
        yield return $"  codec           {PageCodec.Default.BlockCodecName}";
        foreach (Tenant tenant in server.PageStore.Tenants)
        {
            string limit = tenant.Options.LimitBytes is { } bytes
                ? new ByteSize(bytes).ToString()
                : "the server's limit";
            yield return $"  tenant          {tenant.Name}: {limit}, {tenant.Options.Areas} areas of "
                + $"{new ByteSize(tenant.Options.AreaSlots * PageSize.Bytes)}{(tenant.IsEnabled ? "" : ", disabled")}";
        }
    }

    private static string WhoMayCall(ValidSettings settings)
    {
        SecurityOptions security = settings.Security;
        if (!security.HasIdentity)
        {
            return settings.Listen.IsLocal
                ? "no authentication: anybody on this machine may use it"
                : "no authentication: anybody who reaches it may use it";
        }

        string[] ways =
        [
            .. security.ClientCaFile.Length > 0 ? (string[])["certificate"] : [],
            .. security.TokenFile.Length > 0 ? (string[])["token"] : [],
            .. security.SocketPeers.Count > 0 ? (string[])["user of the socket"] : [],
        ];
        bool hasTls = security.HasTls && settings.Listen.SocketPath is null;
        return $"{(hasTls ? "TLS 1.3" : "no TLS")}; callers are known by {string.Join(" or ", ways)}";
    }

    private static string PressureText(ValidSettings settings)
    {
        if (settings.FloorPercent == 100)
        {
            return "not watched for: Store:FloorPercent is 100";
        }

        PressureFiles files = PressureFiles.Find();
        return files.TellAnything
            ? $"then the limit falls to {new ByteSize(PressureService.FloorBytes(settings))} at least; watched: "
                + files.Description
            : "not watched for: this system has no limit of a control group and no pressure file";
    }
}
