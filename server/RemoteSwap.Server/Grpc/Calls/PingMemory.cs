using RemoteSwap.Store;

namespace RemoteSwap.Server.Grpc.Calls;

/// <summary>The memory that pings copy to and from, if the server was given some.</summary>
/// <param name="bytes">How much; 0: none.</param>
/// <param name="hugePages">As the store's memory.</param>
internal sealed class PingMemory(long bytes, bool hugePages) : IDisposable
{
    public PingArena? Arena { get; } = bytes == 0 ? null : new PingArena(bytes, hugePages);

    public void Dispose() => Arena?.Dispose();
}
