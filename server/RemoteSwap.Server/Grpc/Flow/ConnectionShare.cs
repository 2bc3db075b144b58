using Microsoft.AspNetCore.Connections;
using RemoteSwap.Server.Grpc.Exchange;

namespace RemoteSwap.Server.Grpc.Flow;

/// <summary>A connection's share of the memory for calls in progress; a feature of the connection.</summary>
/// <param name="server">The server's gate.</param>
/// <param name="mostBytes">Memory that the calls in progress of the connection may need.</param>
internal sealed class ConnectionShare(ByteGate server, long mostBytes = ConnectionShare.MaxConnectionBytes)
{
    /// <summary>Memory that all calls in progress may need.</summary>
    public const long MaxServerBytes = 256 << 20;

    /// <summary>
    /// Memory that the calls in progress of one connection may need: enough for a dozen full batches.
    /// </summary>
    private const long MaxConnectionBytes = 32 << 20;

    // What a stream lets its client have unanswered. A client with four of them has the share of one connection.
    private const long MaxStreamBytes = ExchangeStream.MaxBytes;

    /// <summary>What to enter before taking much memory.</summary>
    public ByteGate Gate { get; } = new(mostBytes, server);

    /// <summary>Gives a connection that has one stream the share of one.</summary>
    public static void Narrow(ConnectionContext connection)
    {
        if (connection.Features.Get<ConnectionShare>() is { } share)
        {
            connection.Features.Set(share.OfOneStream());
        }
    }

    private ConnectionShare OfOneStream() => new(server, MaxStreamBytes);
}
