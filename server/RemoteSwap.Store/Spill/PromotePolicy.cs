namespace RemoteSwap.Store;

/// <summary>When a spilled page that is loaded comes back to memory, if there is room.</summary>
public enum PromotePolicy
{
    /// <summary>Never: it stays in the spill file until it is replaced.</summary>
    Never,

    /// <summary>When it is loaded a second time within the memory of recent loads: then it is hot.</summary>
    Second,

    /// <summary>With the first load.</summary>
    Always,
}
