namespace RemoteSwap.Server.Options;

/// <summary>Section "State": what outlives the server.</summary>
internal sealed class StateSection
{
    /// <summary>
    /// A folder that is the server's alone; it must exist. Default empty: nothing outlives the server. In it stands who
    /// owns which area, so that who was fenced stays fenced, and who owned an area can go on after a restart. When the
    /// server is asked to stop it writes all pages there, and takes them back when it is started again: as much room is
    /// needed as they have memory.
    /// Also which pages of the spill file are current, so that they are there again even if the server was killed.
    /// </summary>
    public string Folder { get; set; } = "";

    /// <summary>
    /// Whether a start goes on where pages that were drained cannot all come back: because a tenant is not configured
    /// any more, a limit is too small, or a file is missing or damaged. Default false: such a start is refused and says
    /// why, and the pages stay where they are. With true they are lost, and clients are told so.
    /// </summary>
    public bool Discard { get; set; }
}
