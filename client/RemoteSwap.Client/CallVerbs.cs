namespace RemoteSwap.Client;

/// <summary>What failures call the operations.</summary>
internal static class CallVerbs
{
    /// <summary>A store.</summary>
    public const string Store = "Store";

    /// <summary>A load.</summary>
    public const string Load = "Load";

    /// <summary>An invalidation.</summary>
    public const string Invalidation = "Invalidation";
}
