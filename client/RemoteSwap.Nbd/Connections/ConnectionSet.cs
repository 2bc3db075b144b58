namespace RemoteSwap.Nbd.Connections;

/// <summary>
/// The connections of a server, bounded in number, and what those that are over have served.
/// <para>Lock: guards all fields; nothing is called inside.</para>
/// </summary>
internal sealed class ConnectionSet(int max)
{
    private readonly Lock _lock = new();
    private readonly HashSet<NbdConnection> _connections = [];
    private long _servedBefore;
    private bool _isClosed;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>Requests that were answered on all connections, those that are over included.</summary>
    public long RequestsServed
    {
        get
        {
            lock (_lock)
            {
                return _servedBefore + _connections.Sum(connection => connection.RequestsServed);
            }
        }
    }

    /// <summary>Adds a connection unless there are too many or no more are taken.</summary>
    public bool TryAdd(NbdConnection connection)
    {
        lock (_lock)
        {
            return !_isClosed && _connections.Count < max && _connections.Add(connection);
        }
    }

    /// <summary>Takes out a connection that is over.</summary>
    public void Remove(NbdConnection connection)
    {
        lock (_lock)
        {
            _servedBefore += connection.RequestsServed;
            _connections.Remove(connection);
        }
    }

    /// <summary>Takes no more.</summary>
    /// <returns>Those that there are.</returns>
    public IReadOnlyList<NbdConnection> Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            return [.. _connections];
        }
    }
}
