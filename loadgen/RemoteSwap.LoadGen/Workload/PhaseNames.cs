namespace RemoteSwap.LoadGen.Workload;

/// <summary>Names of the phases in reports; part of the JSON output.</summary>
internal static class PhaseNames
{
    /// <summary>Messages of the shape of a store.</summary>
    public const string PingStore = "ping_store";

    /// <summary>Messages of the shape of a load.</summary>
    public const string PingLoad = "ping_load";

    /// <summary>All pages swapped out.</summary>
    public const string Store = "store";

    /// <summary>All pages swapped in.</summary>
    public const string Load = "load";

    /// <summary>Stores among loads.</summary>
    public const string MixedStore = "mixed_store";

    /// <summary>Loads among stores.</summary>
    public const string MixedLoad = "mixed_load";

    /// <summary>The areas emptied.</summary>
    public const string Invalidate = "invalidate";
}
