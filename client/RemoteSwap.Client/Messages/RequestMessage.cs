using System.Buffers;
using System.Numerics;
using RemoteSwap.V1;
using RemoteSwap.Wire;

namespace RemoteSwap.Client.Messages;

/// <summary>
/// The bytes of one request, built once in a pooled buffer and sent from there, as often as it takes. In front of the
/// request there is room for the envelope of a stream, so that the same bytes serve as a call and in a stream.
/// <para>
/// The buffer must not be given back while the transport may read it: another request's bytes would be sent as this
/// one's. The transport reads it only while it serialises, which <see cref="IsSerialized"/> tells; where it is not
/// certain, the buffer is left to the garbage collector.
/// </para>
/// <para>One owner at a time; hand-overs are ordered by the owners' locks.</para>
/// </summary>
internal sealed class RequestMessage
{
    /// <summary>
    /// The most bytes of an envelope: number of the request, trace context, tag and length of the operation.
    /// </summary>
    public const int EnvelopeBytes = IdTagBytes + MaxIdBytes + TraceRoom + MessageWriter.OpenBytes;

    private const int IdTagBytes = 1;
    private const int MaxIdBytes = 10;
    private const int BitsPerByte = 7;

    // Tag, length and bytes; rounded up so that the request itself begins where it would without.
    private const int TraceFieldBytes = 2 + TraceContext.Bytes;
    private const int TraceRoom = 32;

    private byte[] _buffer = [];
    private AreaName? _name;
    private int _epochAt;
    private ulong _epoch;
    private volatile bool _isSerialized;

    /// <summary>Bytes of the request, without envelope.</summary>
    public int Bytes { get; private set; }

    /// <summary>Whether the transport has its own copy of the bytes.</summary>
    public bool IsSerialized => _isSerialized;

    /// <summary>Room for the request.</summary>
    public Span<byte> Room => _buffer.AsSpan(EnvelopeBytes);

    /// <summary>The request, to be sent as a call.</summary>
    public ReadOnlySpan<byte> WithoutEnvelope => _buffer.AsSpan(EnvelopeBytes, Bytes);

    /// <summary>Begins an empty request.</summary>
    /// <param name="room">Bytes that it will take at most.</param>
    public void Begin(int room)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(EnvelopeBytes + room);
        _isSerialized = false;
        _name = null;
        Bytes = 0;
    }

    /// <summary>Notes that the epoch of an area stands in the request, so that it can be renewed.</summary>
    /// <param name="name">The area.</param>
    /// <param name="at">Where it stands.</param>
    /// <param name="epoch">Which one.</param>
    public void NoteEpoch(AreaName name, int at, ulong epoch)
    {
        _name = name;
        _epochAt = at;
        _epoch = epoch;
    }

    /// <summary>Sees to it that there is so much room, and keeps what is written.</summary>
    /// <param name="room">Bytes.</param>
    /// <param name="written">Bytes at the beginning that are kept.</param>
    public void EnsureRoom(int room, int written)
    {
        if (Room.Length < room)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(EnvelopeBytes + room, _buffer.Length * 2));
            _buffer.AsSpan(0, EnvelopeBytes + written).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }

    /// <summary>Ends the request.</summary>
    /// <param name="bytes">Bytes that were written to <see cref="Room"/>.</param>
    public void End(int bytes) => Bytes = bytes;

    /// <summary>The request in the envelope of a stream.</summary>
    /// <param name="id">The number of the request in its stream, not 0.</param>
    /// <param name="kind">What it asks for.</param>
    /// <param name="trace">The trace context; empty: none.</param>
    public ReadOnlySpan<byte> InEnvelope(ulong id, OperationKind kind, ReadOnlySpan<byte> trace = default)
    {
        int idBytes = (BitOperations.Log2(id) / BitsPerByte) + 1;
        int traceBytes = trace.IsEmpty ? 0 : TraceFieldBytes;
        Span<byte> room = _buffer.AsSpan(EnvelopeBytes - MessageWriter.OpenBytes - traceBytes - idBytes - IdTagBytes);
        MessageWriter envelope = new(room);
        envelope.WriteNumber(ExchangeRequest.RequestIdFieldNumber, id);
        envelope.WriteBytes(ExchangeRequest.TraceContextFieldNumber, trace);
        int opened = envelope.Open((int)kind);
        envelope.Advance(Bytes);
        envelope.Close(opened);
        return room[..envelope.Length];
    }

    /// <summary>
    /// The bytes are about to be given to the transport, perhaps anew: they get the epoch that the area has now.
    /// </summary>
    public void BeginToSend()
    {
        _isSerialized = false;
        if (_name is { } name && name.Epoch is ulong epoch && epoch != _epoch)
        {
            _epoch = epoch;
            MessageWriter.Replace(Room[_epochAt..], epoch);
        }
    }

    /// <summary>The transport has copied the bytes.</summary>
    public void HasBeenSerialized() => _isSerialized = true;

    /// <summary>
    /// Gives the buffer back, if the transport is done with it. The request can not be sent any more.
    /// </summary>
    public void Release()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _name = null;
        Bytes = 0;
        if (_isSerialized && buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
