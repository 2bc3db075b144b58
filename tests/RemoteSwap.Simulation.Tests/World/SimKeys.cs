using RemoteSwap.Client;

namespace RemoteSwap.Simulation.World;

/// <summary>The key of all worlds that seal pages, and the ring of their area: made once, read by all.</summary>
internal static class SimKeys
{
    private static readonly Lazy<SealOptions> s_options = new(Make);

    /// <summary>How pages are sealed.</summary>
    public static SealOptions Options => s_options.Value;

    private static SealOptions Make()
    {
        string folder = Directory.CreateTempSubdirectory("remoteswap-sim-keys-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        string path = Path.Combine(folder, "key");
        byte[] key = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];
        File.WriteAllBytes(path, key);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return new SealOptions { KeyFile = path };
    }
}
