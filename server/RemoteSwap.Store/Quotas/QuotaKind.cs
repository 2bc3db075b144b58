namespace RemoteSwap.Store;

/// <summary>What a quota of a tenant bounds, beside its memory, which its limit does.</summary>
public enum QuotaKind : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Areas that have an owner.</summary>
    Areas,

    /// <summary>Pages stored, in memory and in the spill file.</summary>
    Pages,

    /// <summary>Exchange streams on which the tenant's requests have come.</summary>
    Streams,

    /// <summary>Bytes of requests that are being carried out, and of the replies that they may have.</summary>
    InFlightBytes,

    /// <summary>Calls a second.</summary>
    CallRate,

    /// <summary>Bytes a second, of requests and of the pages that they ask for.</summary>
    ByteRate,
}
