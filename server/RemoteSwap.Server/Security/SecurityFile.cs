namespace RemoteSwap.Server.Security;

/// <summary>A file of section "Security" as it was read at one time: its bytes, or why there are none.</summary>
/// <param name="Setting">The setting that names it.</param>
/// <param name="Path">Where it is; empty: it is not configured.</param>
/// <param name="Bytes">Its bytes; empty if there is a problem.</param>
/// <param name="Problem">Why it may not be used; null: it may.</param>
internal sealed record SecurityFile(string Setting, string Path, byte[] Bytes, string? Problem)
{
    private const int MaxBytes = 4 << 20;

    /// <summary>What to call it.</summary>
    public string Name => $"{Setting} '{Path}'";

    /// <summary>Reads a file.</summary>
    /// <param name="setting">The setting that names it.</param>
    /// <param name="path">Where it is; empty: nowhere.</param>
    /// <param name="forbidden">What others may not do with it.</param>
    public static SecurityFile Read(string setting, string path, UnixFileMode forbidden)
    {
        if (path.Length == 0)
        {
            return new SecurityFile(setting, path, [], Problem: null);
        }

        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            UnixFileMode open = OperatingSystem.IsWindows()
                ? UnixFileMode.None
                : File.GetUnixFileMode(file.SafeFileHandle) & forbidden;
            if (open != UnixFileMode.None)
            {
                return Wrong($"is open to all users ({open}); take that away with chmod o-rw");
            }

            if (file.Length > MaxBytes)
            {
                return Wrong($"has {file.Length} bytes; at most {MaxBytes} are allowed");
            }

            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return new SecurityFile(setting, path, bytes, Problem: null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Wrong($"cannot be read: {failure.Message}");
        }

        SecurityFile Wrong(string problem) => new(setting, path, [], problem);
    }

    /// <summary>Whether it was read the same at another time.</summary>
    public bool IsSame(SecurityFile other) => Problem == other.Problem && Bytes.AsSpan().SequenceEqual(other.Bytes);
}
