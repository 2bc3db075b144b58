using System.Collections.Concurrent;

namespace RemoteSwap.Client.Requests;

/// <summary>
/// Objects that are used again instead of being made anew. Bounded: what comes back beyond the bound is left to the
/// garbage collector. Any thread may call.
/// </summary>
/// <param name="make">Makes one; it is told where it belongs.</param>
/// <param name="most">The most objects that are kept.</param>
internal sealed class Stash<T>(Func<Stash<T>, T> make, int most)
    where T : class
{
    private readonly ConcurrentQueue<T> _kept = new();
    private int _count;

    /// <summary>Takes one.</summary>
    public T Rent()
    {
        if (_kept.TryDequeue(out T? item))
        {
            Interlocked.Decrement(ref _count);
            return item;
        }

        return make(this);
    }

    /// <summary>Gives one back that nobody uses, or will use, any more.</summary>
    public void Return(T item)
    {
        if (Interlocked.Increment(ref _count) <= most)
        {
            _kept.Enqueue(item);
        }
        else
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
