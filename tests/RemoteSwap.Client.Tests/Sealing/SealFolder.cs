using System.Security.Cryptography;

namespace RemoteSwap.Client.Tests.Sealing;

/// <summary>A folder with a key file, and the rings made with it.</summary>
internal sealed class SealFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("remoteswap-seal-").FullName;

    public SealFolder() => Options = new SealOptions { KeyFile = NewKey("user.key") };

    /// <summary>How to seal with it.</summary>
    public SealOptions Options { get; set; }

    /// <summary>Opens an area's ring, or makes it.</summary>
    public KeyRing Ring(string tenant, uint area) => KeyRing.Open(Options, tenant, area, mayBegin: true);

    /// <summary>A path in the folder.</summary>
    public string File(string name) => Path.Combine(_path, name);

    /// <summary>Makes a key file.</summary>
    public string NewKey(string name) => Write(name, RandomNumberGenerator.GetBytes(32));

    /// <summary>Makes a file that nobody else may read.</summary>
    public string Write(string name, byte[] content, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        string path = File(name);
        System.IO.File.WriteAllBytes(path, content);
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(path, mode);
        }

        return path;
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
