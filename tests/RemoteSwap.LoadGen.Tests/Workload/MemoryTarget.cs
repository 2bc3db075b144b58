using System.Collections.Concurrent;
using RemoteSwap.Client;
using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Workload;

namespace RemoteSwap.LoadGen.Tests.Workload;

/// <summary>A target that keeps pages in memory, honestly or with one kind of lie now and then.</summary>
internal sealed class MemoryTarget(Lie lie) : ISwapTarget
{
    private const int LieEvery = 50;

    private readonly ConcurrentDictionary<ulong, (byte[]? Before, byte[] Now)> _pages = new();
    private int _loads;
    private int _stores;

    /// <summary>Every so many pages a store is refused, and the slot emptied as it must be; 0: never.</summary>
    public int RefuseEvery { get; init; }

    /// <summary>Every so many calls a store fails as a call, half of them after it was carried out; 0: never.</summary>
    public int FailEvery { get; init; }

    /// <summary>Why such a call fails.</summary>
    public RemoteSwapError FailsWith { get; init; } = RemoteSwapError.DeadlineExceeded;

    public ValueTask<StoreOutcome[]> StoreAsync(
        ReadOnlyMemory<ulong> slots, ReadOnlyMemory<byte> pages, CancellationToken stop)
    {
        int call = Interlocked.Increment(ref _stores);
        bool fails = FailEvery > 0 && call % FailEvery == 0;
        if (fails && call % (2 * FailEvery) == 0)
        {
            throw Failure();
        }

        StoreOutcome[] outcomes = new StoreOutcome[slots.Length];
        for (int i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = Store(slots.Span[i], pages.Span.Slice(i * PageSize.Bytes, PageSize.Bytes), fails);
        }

        return fails ? throw Failure() : ValueTask.FromResult(outcomes);
    }

    public ValueTask<LoadOutcome[]> LoadAsync(ReadOnlyMemory<ulong> slots, Memory<byte> pages, CancellationToken stop)
    {
        LoadOutcome[] outcomes = new LoadOutcome[slots.Length];
        for (int i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = Load(slots.Span[i], pages.Span.Slice(i * PageSize.Bytes, PageSize.Bytes));
        }

        return ValueTask.FromResult(outcomes);
    }

    public ValueTask<InvalidateOutcome[]> InvalidateAsync(ReadOnlyMemory<ulong> slots, CancellationToken stop)
    {
        InvalidateOutcome[] outcomes = new InvalidateOutcome[slots.Length];
        for (int i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = _pages.TryRemove(slots.Span[i], out _)
                ? InvalidateOutcome.Invalidated
                : InvalidateOutcome.NotFound;
        }

        return ValueTask.FromResult(outcomes);
    }

    public ValueTask<ulong> InvalidateAllAsync(CancellationToken stop)
    {
        ulong pages = (ulong)_pages.Count;
        if (lie != Lie.NotEmptied)
        {
            _pages.Clear();
        }

        return ValueTask.FromResult(pages);
    }

    public ValueTask PingAsync(PingShape shape, CancellationToken stop) => ValueTask.CompletedTask;

    private RemoteSwapException Failure() => new(FailsWith, "Store of some pages failed.");

    private StoreOutcome Store(ulong slot, ReadOnlySpan<byte> page, bool fails)
    {
        if (RefuseEvery > 0 && slot % (ulong)RefuseEvery == 0 && _pages.ContainsKey(slot))
        {
            if (lie != Lie.RefusedAndKept)
            {
                _pages.TryRemove(slot, out _);
            }

            return StoreOutcome.TenantLimit;
        }

        byte[] copy = page.ToArray();
        if (fails && lie == Lie.FailedAndForeign)
        {
            Array.Fill(copy, (byte)0xEE);
        }

        _pages.AddOrUpdate(slot, _ => (null, copy), (_, held) => (held.Now, copy));
        return StoreOutcome.Stored;
    }

    private LoadOutcome Load(ulong slot, Span<byte> page)
    {
        if (!_pages.TryGetValue(slot, out (byte[]? Before, byte[] Now) held))
        {
            page.Clear();
            return LoadOutcome.NotFound;
        }

        held.Now.CopyTo(page);
        bool lies = Interlocked.Increment(ref _loads) % LieEvery == 0;
        return lies ? Distort(slot, held.Before, page) : LoadOutcome.Loaded;
    }

    private LoadOutcome Distort(ulong slot, byte[]? before, Span<byte> page)
    {
        switch (lie)
        {
            case Lie.StalePage:
                before?.CopyTo(page);
                return LoadOutcome.Loaded;
            case Lie.OtherSlotsPage:
                _pages.First(other => other.Key != slot).Value.Now.CopyTo(page);
                return LoadOutcome.Loaded;
            case Lie.Zeroes:
                page.Clear();
                return LoadOutcome.Loaded;
            case Lie.FlippedBit:
                page[1_234] ^= 4;
                return LoadOutcome.Loaded;
            case Lie.Lost:
                return LoadOutcome.NotFound;
            case Lie.Corrupt:
                return LoadOutcome.Corrupt;
            default:
                return LoadOutcome.Loaded;
        }
    }
}
