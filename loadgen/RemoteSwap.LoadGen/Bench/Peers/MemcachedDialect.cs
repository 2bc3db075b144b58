using System.Net.Sockets;
using System.Text;

namespace RemoteSwap.LoadGen.Bench.Peers;

/// <summary>The text protocol of memcached: set and get.</summary>
internal sealed class MemcachedDialect : IPeerDialect
{
    private static readonly byte[] s_stored = "STORED\r\n"u8.ToArray();
    private static readonly byte[] s_load = Encoding.ASCII.GetBytes($"get {new string('0', BlobKey.Bytes)}\r\n");

    private readonly byte[] _store;

    /// <summary>The dialect for blobs of one size.</summary>
    public MemcachedDialect(int blobBytes)
    {
        string key = new('0', BlobKey.Bytes);
        _store = Encoding.ASCII.GetBytes(FormattableString.Invariant($"set {key} 0 0 {blobBytes}\r\n"));
        StoreBytes = _store.Length + blobBytes + 2;
        LoadedBytes = FormattableString.Invariant($"VALUE {key} 0 {blobBytes}\r\n").Length + blobBytes
            + "\r\nEND\r\n".Length;
    }

    /// <inheritdoc/>
    public int StoreBytes { get; }

    /// <inheritdoc/>
    public int LoadBytes => s_load.Length;

    /// <inheritdoc/>
    public int StoredBytes => s_stored.Length;

    /// <inheritdoc/>
    public int LoadedBytes { get; }

    /// <inheritdoc/>
    public void Greet(Socket connection)
    {
        // Nothing has to be said.
    }

    /// <inheritdoc/>
    public void WriteStore(Span<byte> request, int key, ReadOnlySpan<byte> blob)
    {
        _store.CopyTo(request);
        BlobKey.Write(request["set ".Length..], key);
        blob.CopyTo(request[_store.Length..]);
        "\r\n"u8.CopyTo(request[(_store.Length + blob.Length)..]);
    }

    /// <inheritdoc/>
    public void WriteLoad(Span<byte> request, int key)
    {
        s_load.CopyTo(request);
        BlobKey.Write(request["get ".Length..], key);
    }

    /// <inheritdoc/>
    public bool IsStored(ReadOnlySpan<byte> reply) => reply.SequenceEqual(s_stored);

    /// <inheritdoc/>
    public bool IsLoaded(ReadOnlySpan<byte> reply) => reply.StartsWith("VALUE "u8) && reply.EndsWith("\r\nEND\r\n"u8);
}
