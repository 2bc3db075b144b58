using RemoteSwap.Client;
using RemoteSwap.LoadGen.Workload;

namespace RemoteSwap.LoadGen.Chaos.Load;

/// <summary>A client that owns, or owned, the area.</summary>
/// <param name="Session">Its number, from 1.</param>
/// <param name="Connection">Its connection.</param>
/// <param name="Area">Its area.</param>
/// <param name="Target">Where its pages go.</param>
internal sealed record AreaOwner(
    int Session, RemoteSwapConnection Connection, AttachedArea Area, ISwapTarget Target) : IAsyncDisposable
{
    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Area.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
