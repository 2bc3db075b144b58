namespace RemoteSwap.LoadGen.Bench.Cases;

/// <summary>What a caller hands over for a page.</summary>
internal enum PagePayload
{
    /// <summary>Zpages of exactly 1,600 bytes, encoded beforehand: no codec runs.</summary>
    Zpages,

    /// <summary>Pages of 4,096 bytes, which the client encodes, and decodes and verifies.</summary>
    RawPages,
}
