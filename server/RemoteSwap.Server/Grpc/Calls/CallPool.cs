using System.Collections.Concurrent;

namespace RemoteSwap.Server.Grpc.Calls;

/// <summary>Calls for use again, so that one does not allocate its columns. Keeps no more than a few.</summary>
/// <param name="create">Makes a new one.</param>
internal sealed class CallPool<TCall>(Func<TCall> create)
    where TCall : class
{
    // As many as may well be in progress at a time on a large machine.
    private const int MaxKept = 32;
    private readonly ConcurrentQueue<TCall> _free = new();

    public TCall Rent() => _free.TryDequeue(out TCall? call) ? call : create();

    public void Return(TCall call)
    {
        if (_free.Count < MaxKept)
        {
            _free.Enqueue(call);
        }
    }
}
