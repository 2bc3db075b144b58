namespace RemoteSwap.Client;

/// <summary>
/// The shape of a ping: as many columns and bytes as a store (request) and as a load (reply) would have, so that its
/// time is what the transport alone costs. All zero: an empty message each way.
/// </summary>
/// <param name="StorePages">Pages in the request, 0 to 512. At 0 the request has the slots of a load only.</param>
/// <param name="StorePageBytes">Bytes of each zpage in the request, 0 to 4,096.</param>
/// <param name="LoadPages">Pages in the reply, 0 to 512.</param>
/// <param name="LoadPageBytes">Bytes of each zpage in the reply, 0 to 4,096.</param>
/// <param name="CopyMemory">
/// The server copies the bytes to, or from, random places of a large arena, as a store or load cannot but do. Only
/// where the server was given such an arena; elsewhere the ping fails with
/// <see cref="RemoteSwapError.InvalidRequest"/>.
/// </param>
public readonly record struct PingShape(
    int StorePages,
    int StorePageBytes,
    int LoadPages,
    int LoadPageBytes,
    bool CopyMemory = false);
