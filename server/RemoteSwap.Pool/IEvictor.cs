namespace RemoteSwap.Pool;

/// <summary>Who a pool's zpages belong to, asked to give one up. Called without the pool's lock.</summary>
public interface IEvictor
{
    /// <summary>
    /// Puts a zpage elsewhere and frees its handle. The handle may be stale already; then there is nothing to do.
    /// </summary>
    /// <returns>Whether the zpage is no longer needed here.</returns>
    bool TryEvict(ZbudHandle handle);
}
