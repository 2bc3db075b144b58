namespace RemoteSwap.Store;

/// <summary>
/// Is told how long the store's work beside the calls took. All members are thread-safe, quick, and throw nothing: they
/// are called from the work itself, though never under a lock.
/// </summary>
public interface IStoreWatch
{
    /// <summary>A step of reclaim has ended.</summary>
    /// <param name="tenant">The tenant's name.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="result">How it ended.</param>
    void Reclaimed(string tenant, TimeSpan elapsed, StepResult result);

    /// <summary>Frame images were written to the writeback target.</summary>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="bytes">How many bytes.</param>
    void SpillWritten(TimeSpan elapsed, long bytes);

    /// <summary>A frame image was read from it.</summary>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="bytes">How many bytes.</param>
    void SpillRead(TimeSpan elapsed, long bytes);
}
