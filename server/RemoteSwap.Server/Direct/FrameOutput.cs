using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Direct;

/// <summary>
/// What a connection sends: one at a time writes to the transport and sends. That is either the response's pump, which
/// takes the output, writes and sends, or whoever has a frame of the connection's own to say. Such a frame is put down
/// here; who holds the output sends it with the rest, and if nobody does, it is sent at once.
/// <para>
/// Bounds: frames that answer a client are held back by <see cref="RoomAsync"/> until it takes what is sent; grants of
/// its window are added up in two numbers; all others are said once.
/// </para>
/// <para>
/// Locks: <c>_gate</c>, for all fields; never held while something is sent or waited for. The transport's writer
/// belongs to the holder.
/// </para>
/// </summary>
/// <param name="output">The transport's writer.</param>
/// <param name="time">For <see cref="StalledSince"/>.</param>
/// <param name="broken">Is told when the transport takes no more; must not go on with anything itself.</param>
internal sealed class FrameOutput(PipeWriter output, TimeProvider time, Action broken)
{
    private const int MaxWindowUpdateBytes = FrameHeader.Bytes + FrameCheck.NumberBytes;

    // Beside answers, room for what is said once: the opening, RST_STREAM, PING, GOAWAY.
    private readonly byte[] _pending = new byte[2 * DirectLimits.MaxAnswerBytes];
    private readonly Lock _gate = new();
    private readonly Signal _handed = new();
    private readonly Signal _room = new();
    private int _pendingBytes;
    private long _streamGrant;
    private long _connectionGrant;
    private bool _isHeld;
    private bool _isHandWanted;
    private bool _isRoomWanted;
    private bool _isBroken;
    private long _stalledSince;

    /// <summary>The transport's writer, for the holder.</summary>
    public PipeWriter Writer => output;

    /// <summary>When the transport began not to take what is sent; 0: it does.</summary>
    public long StalledSince => Volatile.Read(ref _stalledSince);

    /// <summary>Whether the transport takes no more.</summary>
    public bool IsBroken => Volatile.Read(ref _isBroken);

    /// <summary>Takes the output, for one at a time; <see cref="SendAsync"/> gives it back.</summary>
    public ValueTask TakeAsync()
    {
        lock (_gate)
        {
            if (!_isHeld)
            {
                _isHeld = true;
                return ValueTask.CompletedTask;
            }

            _isHandWanted = true;
        }

        return _handed.WaitAsync();
    }

    /// <summary>Sends what the holder has written and what was put down meanwhile, and gives the output back.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync()
    {
        bool isHeld = true;
        try
        {
            while (isHeld)
            {
                if (WritePending())
                {
                    _room.Set();
                }

                if (!IsBroken)
                {
                    await FlushAsync();
                }

                isHeld = HasMore();
            }
        }
        finally
        {
            if (isHeld)
            {
                // A fault of the program; whoever else waits for the output would wait for ever.
                End();
                broken();
            }
        }
    }

    /// <summary>Nothing is written any more: the transport's memory is about to be somebody else's.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isBroken = true;
        }
    }

    /// <summary>Puts a frame down, to be sent at once or by the holder.</summary>
    public void Post(ReadOnlySpan<byte> frame)
    {
        lock (_gate)
        {
            if (_isBroken)
            {
                return;
            }

            frame.CopyTo(_pending.AsSpan(_pendingBytes));
            _pendingBytes += frame.Length;
            if (_isHeld)
            {
                return;
            }

            _isHeld = true;
        }

        Send();
    }

    /// <summary>Grants more of the client's windows.</summary>
    public void Grant(int stream, int connection)
    {
        if (stream == 0 && connection == 0)
        {
            return;
        }

        lock (_gate)
        {
            _streamGrant += stream;
            _connectionGrant += connection;
            if (_isHeld || _isBroken)
            {
                return;
            }

            _isHeld = true;
        }

        Send();
    }

    /// <summary>Waits until an answer may be put down; the connection's loop alone.</summary>
    public ValueTask RoomAsync()
    {
        lock (_gate)
        {
            if (_pendingBytes <= DirectLimits.MaxAnswerBytes || _isBroken)
            {
                return ValueTask.CompletedTask;
            }

            _isRoomWanted = true;
        }

        return _room.WaitAsync();
    }

    // What is put down has nobody to wait for it.
    private void Send()
    {
        ValueTask sent = SendAsync();
        if (sent.IsCompletedSuccessfully)
        {
            sent.GetAwaiter().GetResult();
        }
        else
        {
            _ = sent.AsTask();
        }
    }

    // Whether somebody waits for the room.
    private bool WritePending()
    {
        lock (_gate)
        {
            if (!_isBroken)
            {
                Span<byte> room = output.GetSpan(_pendingBytes + (2 * MaxWindowUpdateBytes));
                _pending.AsSpan(0, _pendingBytes).CopyTo(room);
                int bytes = _pendingBytes;
                bytes += WriteGrant(room[bytes..], 0, ref _connectionGrant);
                bytes += WriteGrant(room[bytes..], Http2Wire.OnlyStream, ref _streamGrant);
                output.Advance(bytes);
            }

            _pendingBytes = 0;
            bool isRoomWanted = _isRoomWanted;
            _isRoomWanted = false;
            return isRoomWanted;
        }
    }

    private static int WriteGrant(Span<byte> room, int stream, ref long grant)
    {
        if (grant == 0)
        {
            return 0;
        }

        int granted = (int)Math.Min(grant, Http2Wire.MostWindowBytes);
        grant -= granted;
        new FrameHeader(FrameCheck.NumberBytes, FrameType.WindowUpdate, FrameFlags.None, stream).Write(room);
        BinaryPrimitives.WriteInt32BigEndian(room[FrameHeader.Bytes..], granted);
        return MaxWindowUpdateBytes;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FlushAsync()
    {
        bool isTaken = false;
        try
        {
            ValueTask<FlushResult> flush = output.FlushAsync();
            if (!flush.IsCompleted)
            {
                Volatile.Write(ref _stalledSince, Math.Max(1, time.GetTimestamp()));
            }

            FlushResult result = await flush;
            isTaken = !result.IsCompleted;
        }
        catch (Exception gone) when (LineEnd.Is(gone))
        {
            // The line is gone; isTaken says so.
        }

        Volatile.Write(ref _stalledSince, 0);
        if (!isTaken)
        {
            Volatile.Write(ref _isBroken, true);
            broken();
        }
    }

    // The pump goes first, and sends what was put down; else a client that asks and asks could keep it waiting.
    private bool HasMore()
    {
        bool isHanded;
        lock (_gate)
        {
            isHanded = _isHandWanted;
            if (!isHanded)
            {
                _isHeld = !_isBroken && (_pendingBytes > 0 || _streamGrant > 0 || _connectionGrant > 0);
                if (_isHeld || !_isRoomWanted)
                {
                    return _isHeld;
                }

                _isRoomWanted = false;
            }

            _isHandWanted = false;
        }

        (isHanded ? _handed : _room).Set();
        return false;
    }
}
