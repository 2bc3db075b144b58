namespace RemoteSwap.Nbd.Transmission;

/// <summary>How far the request that is being read has come: what it needs next.</summary>
internal enum RequestStage
{
    /// <summary>Its header.</summary>
    Header,

    /// <summary>A place in the window.</summary>
    Place,

    /// <summary>Its payload, if it has one.</summary>
    Payload,

    /// <summary>To be begun, or refused.</summary>
    Ready,

    /// <summary>Nothing: it is a disconnect, and none follows.</summary>
    Disconnect,
}
