namespace RemoteSwap.Nbd.Negotiation;

/// <summary>What a client and the server have agreed on before transmission.</summary>
/// <param name="StructuredReplies">Replies are structured.</param>
/// <param name="BaseAllocation">BLOCK_STATUS tells the meta context base:allocation.</param>
internal readonly record struct Agreement(bool StructuredReplies, bool BaseAllocation);
