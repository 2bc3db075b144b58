namespace RemoteSwap.Server.Direct;

/// <summary>
/// What the client may still send, on the stream or on the connection. What was used is granted again when it is half
/// of the window, so that a grant is worth its frame.
/// <para>
/// Locks: <c>_gate</c>, a leaf. The connection's loop takes, whoever reads the request gives.
/// </para>
/// </summary>
/// <param name="bytes">The window.</param>
internal sealed class ReceiveWindow(int bytes)
{
    private readonly Lock _gate = new();
    private readonly int _half = bytes / 2;
    private int _left = bytes;
    private int _used;

    /// <summary>Counts what came.</summary>
    /// <returns>Whether the client was allowed it.</returns>
    public bool TryTake(int taken)
    {
        lock (_gate)
        {
            if (taken > _left)
            {
                return false;
            }

            _left -= taken;
            return true;
        }
    }

    /// <summary>Counts what has been used.</summary>
    /// <returns>Bytes to grant now.</returns>
    public int Give(int used)
    {
        lock (_gate)
        {
            _used += used;
            if (_used < _half)
            {
                return 0;
            }

            int granted = _used;
            _used = 0;
            _left += granted;
            return granted;
        }
    }
}
