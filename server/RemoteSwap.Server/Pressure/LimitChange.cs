namespace RemoteSwap.Server.Pressure;

/// <summary>What becomes of the server's limit.</summary>
internal enum LimitChange
{
    /// <summary>It stays as it is.</summary>
    None,

    /// <summary>It falls.</summary>
    Lowered,

    /// <summary>It rises, and is still below the configured one.</summary>
    Raised,

    /// <summary>It is the configured one again.</summary>
    Restored,
}
