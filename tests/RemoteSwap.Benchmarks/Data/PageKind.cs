namespace RemoteSwap.Benchmarks.Data;

/// <summary>Where real pages come from.</summary>
public enum PageKind
{
    /// <summary>Managed libraries: metadata and compiled code.</summary>
    ManagedDll,

    /// <summary>Native libraries.</summary>
    NativeSo,

    /// <summary>JSON and XML.</summary>
    Text,
}
