using RemoteSwap.Store.Tests.Crash;

namespace RemoteSwap.Fuzz.Files;

/// <summary>A folder for one input, in memory where the system has such a place.</summary>
internal sealed class FuzzFolder : IDisposable
{
    private const string InMemory = "/dev/shm";

    private readonly DirectoryInfo _folder = Directory.CreateDirectory(System.IO.Path.Combine(
        Directory.Exists(InMemory) ? InMemory : System.IO.Path.GetTempPath(), $"remoteswap-fuzz-{Guid.NewGuid():N}"));

    public string Path => _folder.FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Write(string name, byte[] bytes) => System.IO.File.WriteAllBytes(File(name), bytes);

    /// <summary>Reads a file, also one that is open elsewhere.</summary>
    public byte[] Read(string name)
    {
        string copy = File(name + ".copy");
        OpenCopy.Make(File(name), copy);
        return System.IO.File.ReadAllBytes(copy);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
