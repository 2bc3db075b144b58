using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Support;

/// <summary>What came back on a stream.</summary>
internal sealed class ExchangeReplies
{
    /// <summary>The gRPC status with which it ended.</summary>
    public int Status { get; init; }

    /// <summary>All messages.</summary>
    public List<ExchangeResponse> InOrder { get; } = [];

    /// <summary>The one reply to a request.</summary>
    public ExchangeResponse this[ulong id] => Assert.Single(InOrder, reply => reply.RequestId == id);
}
