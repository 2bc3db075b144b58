namespace RemoteSwap.LoadGen.Bench.Options;

/// <summary>A server of others that pages can be stored on.</summary>
internal enum PeerKind
{
    /// <summary>redis, from the program redis-server.</summary>
    Redis,

    /// <summary>Garnet, from the program garnet-server.</summary>
    Garnet,

    /// <summary>memcached.</summary>
    Memcached,

    /// <summary>nbdkit with its memory plugin.</summary>
    Nbdkit,
}
