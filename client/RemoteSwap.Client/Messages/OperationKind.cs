using RemoteSwap.V1;

namespace RemoteSwap.Client.Messages;

/// <summary>
/// What a request asks for. The values are the fields of the operation in <c>ExchangeRequest</c> and of its reply in
/// <c>ExchangeResponse</c>, which are the same.
/// </summary>
internal enum OperationKind
{
    /// <summary>Store pages.</summary>
    Store = ExchangeRequest.StoreFieldNumber,

    /// <summary>Load pages.</summary>
    Load = ExchangeRequest.LoadFieldNumber,

    /// <summary>Forget pages.</summary>
    Invalidate = ExchangeRequest.InvalidateFieldNumber,

    /// <summary>Nothing, in the shape of something.</summary>
    Ping = ExchangeRequest.PingFieldNumber,
}
