namespace RemoteSwap.Server.Management;

/// <summary>Times of calls in the server since somebody looks at the console.</summary>
/// <param name="Watch">The number of the watch: another one, and its counts began at 0.</param>
/// <param name="Operations">The operations.</param>
internal sealed record ConsoleLatency(long Watch, IReadOnlyList<ConsoleLatency.Operation> Operations)
{
    /// <summary>The calls of one operation.</summary>
    /// <param name="Name">store, load or invalidate.</param>
    /// <param name="Count">Calls.</param>
    /// <param name="Buckets">How many took how long: pairs of a bucket's upper bound in nanoseconds and the calls in
    /// it, not in those below; buckets without calls are left out.</param>
    internal sealed record Operation(string Name, long Count, IReadOnlyList<long[]> Buckets);
}
