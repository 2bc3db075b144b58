namespace RemoteSwap.LoadGen.Bench.Cases;

/// <summary>What a peer speaks.</summary>
internal enum PeerProtocol
{
    /// <summary>RESP: redis, Garnet.</summary>
    Resp,

    /// <summary>The text protocol of memcached.</summary>
    Memcached,

    /// <summary>NBD, with simple replies.</summary>
    Nbd,
}
