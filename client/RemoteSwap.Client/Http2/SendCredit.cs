using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Client.Http2;

/// <summary>
/// How much the server takes (RFC 9113, section 5.2): two windows, the stream's and the connection's, and the largest
/// frame. One writer takes; the reader adds.
/// <para>Lock: its own, a leaf; who waits goes on outside it, on the thread pool.</para>
/// </summary>
internal sealed class SendCredit
{
    private readonly Lock _lock = new();
    private long _stream = Http2Wire.DefaultWindowBytes;
    private long _connection = Http2Wire.DefaultWindowBytes;
    private int _initial = Http2Wire.DefaultWindowBytes;
    private int _frame = Http2Wire.DefaultFrameBytes;
    private TaskCompletionSource? _waiter;
    private volatile bool _isOver;

    /// <summary>Whether nothing will be added any more.</summary>
    public bool IsOver => _isOver;

    /// <summary>Takes room for one frame.</summary>
    /// <param name="wanted">Bytes, at least 1.</param>
    /// <returns>Bytes that may be sent in one frame; 0: none at present.</returns>
    public int Take(int wanted)
    {
        lock (_lock)
        {
            int taken = (int)Math.Max(0, Math.Min(Math.Min(wanted, _frame), Math.Min(_stream, _connection)));
            _stream -= taken;
            _connection -= taken;
            return taken;
        }
    }

    /// <summary>Waits until there may be room, or the connection is over.</summary>
    public Task WaitAsync()
    {
        lock (_lock)
        {
            if (_isOver || (_stream > 0 && _connection > 0))
            {
                return Task.CompletedTask;
            }

            _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiter.Task;
        }
    }

    /// <summary>Nothing will be added any more: whoever waits goes on.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isOver = true;
            Wake();
        }
    }

    /// <summary>The server takes more.</summary>
    /// <param name="stream">The stream's number; 0: the connection.</param>
    /// <param name="bytes">How much more.</param>
    /// <exception cref="ProtocolBreach">It is nothing, or too much.</exception>
    public void Add(int stream, int bytes)
    {
        if (bytes == 0)
        {
            throw new ProtocolBreach(Http2Error.Protocol, "a window was widened by nothing");
        }

        lock (_lock)
        {
            long widened = bytes + (stream == 0 ? _connection : _stream);
            if (widened > Http2Wire.MostWindowBytes)
            {
                throw new ProtocolBreach(Http2Error.FlowControl, $"a window was widened to {widened} bytes");
            }

            if (stream == 0)
            {
                _connection = widened;
            }
            else
            {
                _stream = widened;
            }

            Wake();
        }
    }

    /// <summary>The server announces another first window: the stream's changes by the difference, and may be less
    /// than nothing (section 6.9.2).</summary>
    public void SetInitial(uint bytes)
    {
        lock (_lock)
        {
            long changed = _stream + bytes - _initial;
            if (bytes > Http2Wire.MostWindowBytes || changed > Http2Wire.MostWindowBytes)
            {
                throw new ProtocolBreach(Http2Error.FlowControl, $"a first window of {bytes} bytes");
            }

            _stream = changed;
            _initial = (int)bytes;
            Wake();
        }
    }

    /// <summary>The server announces another largest frame.</summary>
    public void SetFrame(uint bytes)
    {
        if (bytes is < Http2Wire.DefaultFrameBytes or > FrameHeader.MostLength)
        {
            throw new ProtocolBreach(Http2Error.Protocol, $"a largest frame of {bytes} bytes");
        }

        lock (_lock)
        {
            // No larger than what is sent at a time anyway.
            _frame = (int)Math.Min(bytes, FrameInput.MostFrameBytes);
        }
    }

    private void Wake()
    {
        if (_isOver || (_stream > 0 && _connection > 0))
        {
            _waiter?.TrySetResult();
            _waiter = null;
        }
    }
}
