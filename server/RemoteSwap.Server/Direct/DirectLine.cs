using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace RemoteSwap.Server.Direct;

/// <summary>What a direct connection and its stream share.</summary>
internal sealed record DirectLine
{
    /// <summary>The web server's connection.</summary>
    public required ConnectionContext Connection { get; init; }

    /// <summary>Runs the request.</summary>
    public required RequestRunner Runner { get; init; }

    /// <summary>Where memory comes from.</summary>
    public required MemoryPool<byte> Pool { get; init; }

    /// <summary>What is sent.</summary>
    public required FrameOutput Output { get; init; }

    /// <summary>What the client takes.</summary>
    public required SendWindow Window { get; init; }

    /// <summary>What the client has announced.</summary>
    public required ClientSettings Settings { get; init; }

    /// <summary>What the client may send on the connection.</summary>
    public required ReceiveWindow Received { get; init; }

    /// <summary>The time.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Takes failures of the application.</summary>
    public required DirectLog Log { get; init; }

    /// <summary>Lets the connection's loop look, on a thread of the pool.</summary>
    public required Action Wake { get; init; }
}
