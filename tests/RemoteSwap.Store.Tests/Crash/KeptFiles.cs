namespace RemoteSwap.Store.Tests.Crash;

/// <summary>A folder with the two files of a spill file that is kept; in memory where the system has a place for
/// that.</summary>
internal sealed class KeptFiles : IDisposable
{
    private const string InMemory = "/dev/shm";

    private readonly string _folder = Path.Combine(
        Directory.Exists(InMemory) ? InMemory : Path.GetTempPath(), $"remoteswap-kept-{Guid.NewGuid():N}");

    public KeptFiles() => Directory.CreateDirectory(_folder);

    public string Spill => Path.Combine(_folder, "spill");

    public string Book => Path.Combine(_folder, "book");

    /// <summary>What is left if the server is killed now.</summary>
    public KeptFiles Copy()
    {
        KeptFiles copy = new();
        OpenCopy.Make(Spill, copy.Spill);
        OpenCopy.Make(Book, copy.Book);
        return copy;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
