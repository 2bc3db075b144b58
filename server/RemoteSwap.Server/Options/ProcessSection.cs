namespace RemoteSwap.Server.Options;

/// <summary>Section "Process": what others on this machine may do with the server's process.</summary>
internal sealed class ProcessSection
{
    /// <summary>
    /// Whether the process may leave a core file when it crashes, and be looked into by a debugger of the same user.
    /// Default false: its memory is full of other machines' pages. DOTNET_DbgEnableMiniDump needs true. The pages
    /// themselves are in no core file either way.
    /// </summary>
    public bool CoreDumps { get; set; }
}
