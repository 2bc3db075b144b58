using System.Net.Sockets;

namespace RemoteSwap.LoadGen.Bench.Peers;

/// <summary>
/// How to store and load blobs of one size on a peer. Every request and every good reply of a kind has one length, so
/// that a connection can be driven without parsing. Stateless; may be shared.
/// </summary>
internal interface IPeerDialect
{
    /// <summary>Bytes of a request to store.</summary>
    int StoreBytes { get; }

    /// <summary>Bytes of a request to load.</summary>
    int LoadBytes { get; }

    /// <summary>Bytes of a good reply to a store.</summary>
    int StoredBytes { get; }

    /// <summary>Bytes of a good reply to a load.</summary>
    int LoadedBytes { get; }

    /// <summary>Says what is to be said on a connection that was just opened.</summary>
    /// <exception cref="IOException">The peer does not take it.</exception>
    void Greet(Socket connection);

    /// <summary>Writes a request to store.</summary>
    void WriteStore(Span<byte> request, int key, ReadOnlySpan<byte> blob);

    /// <summary>Writes a request to load.</summary>
    void WriteLoad(Span<byte> request, int key);

    /// <summary>Whether a reply to a store, of the right length, is good.</summary>
    bool IsStored(ReadOnlySpan<byte> reply);

    /// <summary>Whether a reply to a load, of the right length, is good.</summary>
    bool IsLoaded(ReadOnlySpan<byte> reply);
}
