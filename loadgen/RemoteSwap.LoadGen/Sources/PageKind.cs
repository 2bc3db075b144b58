namespace RemoteSwap.LoadGen.Sources;

/// <summary>What a source page is.</summary>
internal enum PageKind : byte
{
    /// <summary>Of an assembly.</summary>
    ManagedCode,

    /// <summary>Of a native executable or library.</summary>
    NativeCode,

    /// <summary>Of a text file.</summary>
    Text,

    /// <summary>Of another file.</summary>
    OtherFile,

    /// <summary>Of this process's memory.</summary>
    OwnMemory,

    /// <summary>Of another process's memory.</summary>
    ProcessMemory,

    /// <summary>Generated.</summary>
    Synthetic,
}
