namespace RemoteSwap.Client;

/// <summary>
/// Cuts a batch into calls of at most 512 pages and keeps at most four of them in flight. When one fails no further one
/// is started, those in flight are awaited, and the failure is thrown.
/// </summary>
internal sealed class BatchParts
{
    private readonly int _pages;
    private readonly Func<Range, Task> _call;
    private int _started;
    private volatile bool _failed;

    private BatchParts(int pages, Func<Range, Task> call)
    {
        _pages = pages;
        _call = call;
    }

    /// <summary>Runs a batch.</summary>
    /// <param name="pages">Pages of the batch.</param>
    /// <param name="call">Makes the call for a part of them.</param>
    public static Task RunAsync(int pages, Func<Range, Task> call) =>
        pages <= WireLimits.MaxBatchPages ? call(..pages) : new BatchParts(pages, call).RunPartsAsync();

    private Task RunPartsAsync()
    {
        Task[] lanes = new Task[WireLimits.MaxCallsInFlight];
        for (int lane = 0; lane < lanes.Length; lane++)
        {
            lanes[lane] = RunLaneAsync();
        }

        return Task.WhenAll(lanes);
    }

    private async Task RunLaneAsync()
    {
        while (!_failed)
        {
            long first = (Interlocked.Increment(ref _started) - 1L) * WireLimits.MaxBatchPages;
            if (first >= _pages)
            {
                return;
            }

            int start = (int)first;
            int end = (int)Math.Min(_pages, first + WireLimits.MaxBatchPages);
            bool succeeded = false;
            try
            {
                await _call(start..end).ConfigureAwait(false);
                succeeded = true;
            }
            finally
            {
                _failed |= !succeeded;
            }
        }
    }
}
