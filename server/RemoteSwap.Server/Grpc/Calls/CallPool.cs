using System.Collections.Concurrent;

namespace RemoteSwap.Server.Grpc;

/// <summary>Batches for use again, so that a call does not allocate its columns. Keeps no more than a few.</summary>
internal sealed class BatchPool<TBatch>
    where TBatch : class, new()
{
    // A load batch may have a buffer of 2 MiB.
    private const int MaxKept = 16;
    private readonly ConcurrentQueue<TBatch> _free = new();

    public TBatch Rent() => _free.TryDequeue(out TBatch? batch) ? batch : new TBatch();

    public void Return(TBatch batch)
    {
        if (_free.Count < MaxKept)
        {
            _free.Enqueue(batch);
        }
    }
}
