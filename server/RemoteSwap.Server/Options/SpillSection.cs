using RemoteSwap.Store;

namespace RemoteSwap.Server.Options;

/// <summary>Section "Spill": the file that takes frames which memory has no room for.</summary>
internal sealed class SpillSection
{
    /// <summary>
    /// The file's path; empty: no spill file, and nothing is reclaimed. Default empty. Without State:Folder it is
    /// emptied at the start and deleted at the end, and extends memory for the life of one server. With it, the file
    /// stays, and the next server has the pages in it.
    /// </summary>
    public string Path { get; set; } = "";

    /// <summary>
    /// Bytes of frames that it may hold. Default 4GiB; 4KiB to 4TiB. Of a file that stays, pages beyond a smaller limit
    /// are lost at the next start.
    /// </summary>
    public string Limit { get; set; } = "4GiB";

    /// <summary>
    /// Whether frames are sealed with AES-256-GCM before they are written, with a key that this process makes and keeps
    /// in memory only. Default false. Not with State:Folder: the next server could open nothing. Costs processor time
    /// at each write and read of the file, and 96 bytes a frame.
    /// </summary>
    public bool Encrypt { get; set; }

    /// <summary>
    /// When a spilled page that is loaded comes back to memory, if tenant and server are below their accept thresholds:
    /// Never, at the Second load within the memory of recent ones, or Always. Default Second.
    /// </summary>
    public PromotePolicy Promote { get; set; } = PromotePolicy.Second;
}
