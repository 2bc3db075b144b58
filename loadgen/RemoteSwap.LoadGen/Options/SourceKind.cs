namespace RemoteSwap.LoadGen.Options;

/// <summary>Where pages come from.</summary>
internal enum SourceKind
{
    /// <summary>Files of a directory, or of the installed .NET runtime and the system's text.</summary>
    Files,

    /// <summary>Memory of this process.</summary>
    Self,

    /// <summary>Memory of another process.</summary>
    Process,

    /// <summary>Generated pages of a stated compressibility.</summary>
    Synthetic,
}
