namespace RemoteSwap.Server.Pressure;

/// <summary>Files in which the system tells of itself. Most of them are not on every system.</summary>
internal static class SystemFile
{
    /// <summary>What stands in a file; null: it is not there, or does not tell.</summary>
    public static string? TryRead(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A group that was removed just now, or pressure files of a system that does not count.
            return null;
        }
    }
}
