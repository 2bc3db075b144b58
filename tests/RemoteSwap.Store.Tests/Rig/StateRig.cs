using Xunit;

namespace RemoteSwap.Store.Tests.Rig;

/// <summary>A state folder that outlives its stores, in memory where the system has such a place.</summary>
internal sealed class StateRig : IDisposable
{
    private const string Memory = "/dev/shm";

    private readonly DirectoryInfo _folder = Directory.Exists(Memory)
        ? Directory.CreateDirectory(System.IO.Path.Combine(Memory, $"remoteswap-state-{Guid.NewGuid():N}"))
        : Directory.CreateTempSubdirectory("remoteswap-state-");

    public string Path => _folder.FullName;

    public string Images => System.IO.Path.Combine(Path, "images");

    public string Manifest => System.IO.Path.Combine(Path, "drained");

    /// <summary>Opens the folder for another life.</summary>
    public StateFolder Open() => StateFolder.Open(Path, TimeProvider.System);

    /// <summary>Starts a life: takes back what a drain has left.</summary>
    public StoreRig Start(
        bool discards = false, long limitBytes = 8 << 20, TenantOptions? tenantA = null, TenantOptions? tenantB = null)
    {
        StoreRig rig = new(limitBytes, tenantA: tenantA, tenantB: tenantB, state: Open());
        try
        {
            Started = new WarmRestart(rig.Store).StartAsync(discards, progress: null).GetAwaiter().GetResult();
        }
        catch
        {
            rig.Dispose();
            throw;
        }

        return rig;
    }

    /// <summary>What the last start brought back.</summary>
    public WarmResult Started { get; private set; }

    /// <summary>Ends a life with a drain.</summary>
    public WarmResult Drain(StoreRig rig)
    {
        WarmResult result = Write(rig);
        Assert.True(File.Exists(Manifest));
        Leaks.Check(File.ReadAllBytes(Images), "the drained images");
        rig.Dispose();
        return result;
    }

    /// <summary>Writes everything, and lets the store be.</summary>
    public static WarmResult Write(StoreRig rig) =>
        new WarmRestart(rig.Store).DrainAsync(progress: null).GetAwaiter().GetResult();

    public void Dispose() => _folder.Delete(recursive: true);
}
