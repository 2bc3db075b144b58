using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Direct;

/// <summary>
/// What the client takes before it has said more: bytes of the stream and of the connection (RFC 9113, sections 5.2 and
/// 6.9). The stream's may fall below zero, when the client makes its windows smaller.
/// <para>
/// Locks: <c>_gate</c>, a leaf. The connection's loop grants, the response's pump takes and waits.
/// </para>
/// </summary>
internal sealed class SendWindow
{
    private readonly Lock _gate = new();
    private readonly Signal _opened = new();
    private long _connection = Http2Wire.DefaultWindowBytes;
    private long _stream = Http2Wire.DefaultWindowBytes;
    private long _initial = Http2Wire.DefaultWindowBytes;

    /// <summary>Takes as much as there is.</summary>
    /// <param name="wanted">The most to take.</param>
    /// <returns>Bytes that may be sent; 0: none, wait.</returns>
    public int Take(long wanted)
    {
        lock (_gate)
        {
            long taken = Math.Max(0, Math.Min(wanted, Math.Min(_connection, _stream)));
            _connection -= taken;
            _stream -= taken;
            return (int)taken;
        }
    }

    /// <summary>Waits until there may be more.</summary>
    public ValueTask OpenedAsync() => _opened.WaitAsync();

    /// <summary>Lets the waiter look, because the response is not to go on.</summary>
    public void Wake() => _opened.Set();

    /// <summary>A WINDOW_UPDATE of the stream.</summary>
    public void GrantStream(int bytes) => Grant(ref _stream, bytes);

    /// <summary>A WINDOW_UPDATE of the connection.</summary>
    public void GrantConnection(int bytes) => Grant(ref _connection, bytes);

    /// <summary>The client's INITIAL_WINDOW_SIZE, which counts for the open stream too.</summary>
    public void SetInitial(uint bytes)
    {
        long more;
        lock (_gate)
        {
            more = bytes - _initial;
            if (bytes > Http2Wire.MostWindowBytes || _stream + more > Http2Wire.MostWindowBytes)
            {
                throw new WireFaultException(Http2Error.FlowControl, "INITIAL_WINDOW_SIZE is above the widest window");
            }

            _initial = bytes;
            _stream += more;
        }

        if (more > 0)
        {
            _opened.Set();
        }
    }

    private void Grant(ref long window, int bytes)
    {
        lock (_gate)
        {
            if (window + bytes > Http2Wire.MostWindowBytes)
            {
                throw new WireFaultException(Http2Error.FlowControl, "WINDOW_UPDATE goes above the widest window");
            }

            window += bytes;
            if (_connection <= 0 || _stream <= 0)
            {
                // Nobody can go on: who gives to one window only is still waited for.
                return;
            }
        }

        _opened.Set();
    }
}
