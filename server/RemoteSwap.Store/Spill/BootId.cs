namespace RemoteSwap.Store;

/// <summary>
/// Tells one start of this machine's kernel from all others. While it is the same one, what was written to files is in
/// them, even if the process that wrote was killed: it is in the system's cache. After another start it may be gone.
/// </summary>
internal static class BootId
{
    private const string Path = "/proc/sys/kernel/random/boot_id";

    /// <summary>Reads it; all zeroes: the system does not tell.</summary>
    public static Guid Read()
    {
        try
        {
            return Guid.TryParse(File.ReadAllText(Path), out Guid id) ? id : Guid.Empty;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return Guid.Empty;
        }
    }
}
