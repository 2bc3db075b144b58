namespace RemoteSwap.Wire.Http2;

/// <summary>
/// Takes the fields of a head one by one, in their order. It is a type parameter of who reads them, so that the calls
/// of a structure cost nothing.
/// </summary>
public interface IHeaderSink
{
    /// <summary>Takes a field.</summary>
    /// <param name="name">
    /// Its name, never empty; otherwise unchecked: that names are lower case, say, is the sink's to demand (RFC 9113,
    /// section 8.2.1).
    /// </param>
    /// <param name="value">Its value. Both are gone after the call.</param>
    void Take(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value);
}
