namespace RemoteSwap.Client.Sealing;

/// <summary>A key ring as it stands in its file.</summary>
/// <param name="Schema">Always <see cref="CurrentSchema"/>.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="Area">The area.</param>
/// <param name="Id">16 random bytes that tell the ring from others, in hexadecimal.</param>
/// <param name="WrappedUserKey">What the key command made of the user's key; null: that is in a file.</param>
/// <param name="Keys">The data keys; new pages get the one with the greatest number.</param>
internal sealed record RingDocument(
    string Schema, string Tenant, uint Area, string Id, string? WrappedUserKey, IReadOnlyList<RingKeyDocument> Keys)
{
    /// <summary>The format described here.</summary>
    public const string CurrentSchema = "remoteswap.seal-ring/1";
}
