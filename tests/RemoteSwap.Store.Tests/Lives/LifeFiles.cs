using RemoteSwap.Store.Tests.Crash;

namespace RemoteSwap.Store.Tests.Lives;

/// <summary>
/// All that outlives a server: its state folder and its kept spill file; in memory where that can be.
/// </summary>
internal sealed class LifeFiles : IDisposable
{
    private const string InMemory = "/dev/shm";
    private const string Lock = "lock";

    private readonly KeptFiles _kept;
    private readonly string _state = Path.Combine(
        Directory.Exists(InMemory) ? InMemory : Path.GetTempPath(), $"remoteswap-life-{Guid.NewGuid():N}");

    public LifeFiles()
        : this(new KeptFiles())
    {
    }

    private LifeFiles(KeptFiles kept)
    {
        _kept = kept;
        Directory.CreateDirectory(_state);
    }

    public string State => _state;

    public string Spill => _kept.Spill;

    public string Book => _kept.Book;

    /// <summary>What is left if the server is killed now.</summary>
    public LifeFiles Copy()
    {
        LifeFiles copy = new(_kept.Copy());
        foreach (string file in Directory.GetFiles(_state).Where(file => Path.GetFileName(file) != Lock))
        {
            OpenCopy.Make(file, Path.Combine(copy._state, Path.GetFileName(file)));
        }

        return copy;
    }

    public void Dispose()
    {
        _kept.Dispose();
        Directory.Delete(_state, recursive: true);
    }
}
