namespace RemoteSwap.Server.Options;

/// <summary>Section "Spill": the file that takes frames which memory has no room for.</summary>
internal sealed class SpillSection
{
    /// <summary>
    /// The file's path; empty: no spill file, and nothing is reclaimed. Default empty. Emptied at the start, deleted at
    /// the end: it extends memory for the life of one server.
    /// </summary>
    public string Path { get; set; } = "";

    /// <summary>Bytes of frames that it may hold. Default 4GiB; 4KiB to 4TiB.</summary>
    public string Limit { get; set; } = "4GiB";
}
