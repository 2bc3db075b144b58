namespace RemoteSwap.Server.Options;

/// <summary>Section "State": what outlives the server.</summary>
internal sealed class StateSection
{
    /// <summary>
    /// A folder that is the server's alone; it must exist. Default empty: nothing outlives the server. In it stands who
    /// owns which area, so that who was fenced stays fenced, and who owned an area can go on after a restart.
    /// </summary>
    public string Folder { get; set; } = "";
}
