namespace RemoteSwap.Server.Grpc.Flow;

/// <summary>A connection's share of the memory for calls in progress; a feature of the connection.</summary>
/// <param name="server">The server's gate.</param>
internal sealed class ConnectionShare(ByteGate server)
{
    /// <summary>Memory that all calls in progress may need.</summary>
    public const long MaxServerBytes = 256 << 20;

    /// <summary>
    /// Memory that the calls in progress of one connection may need: enough for a dozen full batches.
    /// </summary>
    private const long MaxConnectionBytes = 32 << 20;

    /// <summary>What to enter before taking much memory.</summary>
    public ByteGate Gate { get; } = new(MaxConnectionBytes, server);
}
