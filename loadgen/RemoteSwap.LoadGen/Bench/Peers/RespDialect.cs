using System.Net.Sockets;
using System.Text;

namespace RemoteSwap.LoadGen.Bench.Peers;

/// <summary>RESP, as redis and Garnet speak it: SET and GET.</summary>
internal sealed class RespDialect : IPeerDialect
{
    private static readonly byte[] s_stored = "+OK\r\n"u8.ToArray();

    private readonly byte[] _store;
    private readonly byte[] _load;
    private readonly byte[] _loaded;
    private readonly int _storeKeyAt;
    private readonly int _loadKeyAt;

    /// <summary>The dialect for blobs of one size.</summary>
    public RespDialect(int blobBytes)
    {
        string key = new('0', BlobKey.Bytes);
        string store = FormattableString.Invariant(
            $"*3\r\n$3\r\nSET\r\n${BlobKey.Bytes}\r\n{key}\r\n${blobBytes}\r\n");
        string load = FormattableString.Invariant($"*2\r\n$3\r\nGET\r\n${BlobKey.Bytes}\r\n{key}\r\n");
        _store = Encoding.ASCII.GetBytes(store);
        _load = Encoding.ASCII.GetBytes(load);
        _loaded = Encoding.ASCII.GetBytes(FormattableString.Invariant($"${blobBytes}\r\n"));
        _storeKeyAt = store.IndexOf(key, StringComparison.Ordinal);
        _loadKeyAt = load.IndexOf(key, StringComparison.Ordinal);
        StoreBytes = _store.Length + blobBytes + 2;
        LoadedBytes = _loaded.Length + blobBytes + 2;
    }

    /// <inheritdoc/>
    public int StoreBytes { get; }

    /// <inheritdoc/>
    public int LoadBytes => _load.Length;

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
        BlobKey.Write(request[_storeKeyAt..], key);
        blob.CopyTo(request[_store.Length..]);
        "\r\n"u8.CopyTo(request[(_store.Length + blob.Length)..]);
    }

    /// <inheritdoc/>
    public void WriteLoad(Span<byte> request, int key)
    {
        _load.CopyTo(request);
        BlobKey.Write(request[_loadKeyAt..], key);
    }

    /// <inheritdoc/>
    public bool IsStored(ReadOnlySpan<byte> reply) => reply.SequenceEqual(s_stored);

    /// <inheritdoc/>
    public bool IsLoaded(ReadOnlySpan<byte> reply) => reply.StartsWith(_loaded) && reply.EndsWith("\r\n"u8);
}
