using System.Net.Sockets;
using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Lanes;
using RemoteSwap.LoadGen.Bench.Worker;

namespace RemoteSwap.LoadGen.Bench.Peers;

/// <summary>
/// One connection to a peer, driven in bursts: so many requests in one piece, then all their replies. Used by one
/// thread.
/// </summary>
internal sealed class PeerLane : IDisposable
{
    private readonly IPeerDialect _dialect;
    private readonly bool _stores;
    private readonly int _depth;
    private readonly int _keys;
    private readonly Func<int, ReadOnlyMemory<byte>> _blob;
    private readonly int _blobs;
    private readonly SeededRandom _random;
    private readonly Socket _socket;
    private readonly byte[] _requests;
    private readonly byte[] _replies;
    private readonly int _requestBytes;
    private readonly int _replyBytes;

    /// <summary>Connects.</summary>
    public PeerLane(WorkJob job, IPeerDialect dialect, int index, WorkerMemory memory)
    {
        _dialect = dialect;
        _stores = job.Kind == WorkKind.PeerStore;
        _depth = job.Batch;
        _keys = checked((int)job.StoredPages);
        if (job.Payload == PagePayload.Zpages)
        {
            ZpagePool zpages = memory.Zpages(job.PageBytes);
            (_blob, _blobs) = (i => zpages.Run(i, 1), zpages.Count);
        }
        else
        {
            RawPagePool pages = memory.RawPages;
            (_blob, _blobs) = (i => pages.Run(i, 1), pages.Count);
        }

        _random = new SeededRandom(job.Seed + (ulong)index);
        _requestBytes = _stores ? dialect.StoreBytes : dialect.LoadBytes;
        _replyBytes = _stores ? dialect.StoredBytes : dialect.LoadedBytes;
        _requests = new byte[_depth * _requestBytes];
        _replies = new byte[_depth * _replyBytes];
        _socket = PeerSocket.Connect(job.Target);
        dialect.Greet(_socket);
    }

    /// <summary>One burst to random keys.</summary>
    /// <returns>Blobs stored or loaded.</returns>
    /// <exception cref="IOException">A reply is not good.</exception>
    public int Burst()
    {
        for (int i = 0; i < _depth; i++)
        {
            Write(i, _random.Next(_keys));
        }

        return Exchange();
    }

    /// <summary>One burst to keys that follow each other; beyond the last key they start again.</summary>
    public int Fill(long firstKey)
    {
        for (int i = 0; i < _depth; i++)
        {
            Write(i, (int)((firstKey + i) % _keys));
        }

        return Exchange();
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Write(int index, int key)
    {
        Span<byte> request = _requests.AsSpan(index * _requestBytes, _requestBytes);
        if (_stores)
        {
            _dialect.WriteStore(request, key, _blob(_random.Next(_blobs)).Span);
        }
        else
        {
            _dialect.WriteLoad(request, key);
        }
    }

    private int Exchange()
    {
        PeerSocket.SendAll(_socket, _requests);
        PeerSocket.ReceiveAll(_socket, _replies);
        for (int i = 0; i < _depth; i++)
        {
            ReadOnlySpan<byte> reply = _replies.AsSpan(i * _replyBytes, _replyBytes);
            if (!(_stores ? _dialect.IsStored(reply) : _dialect.IsLoaded(reply)))
            {
                throw new IOException("The peer refuses, or replies in a way that was not expected.");
            }
        }

        return _depth;
    }
}
