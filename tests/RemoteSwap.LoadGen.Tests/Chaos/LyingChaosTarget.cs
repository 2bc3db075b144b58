using System.Collections.Concurrent;
using RemoteSwap.Client;
using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Workload;

namespace RemoteSwap.LoadGen.Tests.Chaos;

/// <summary>The real client, whose answers to loads are distorted as if it had no record of its own.</summary>
internal sealed class LyingChaosTarget(ISwapTarget honest, ChaosLie lie) : ISwapTarget
{
    private const int LieEvery = 10;

    private readonly ConcurrentDictionary<ulong, byte[]> _firstPages = new();
    private int _loads;

    public ValueTask<StoreOutcome[]> StoreAsync(
        ReadOnlyMemory<ulong> slots, ReadOnlyMemory<byte> pages, CancellationToken stop)
    {
        for (int i = 0; i < slots.Length; i++)
        {
            _firstPages.TryAdd(slots.Span[i], pages.Span.Slice(i * PageSize.Bytes, PageSize.Bytes).ToArray());
        }

        return honest.StoreAsync(slots, pages, stop);
    }

    public async ValueTask<LoadOutcome[]> LoadAsync(
        ReadOnlyMemory<ulong> slots, Memory<byte> pages, CancellationToken stop)
    {
        LoadOutcome[] outcomes = await honest.LoadAsync(slots, pages, stop);
        for (int i = 0; i < outcomes.Length; i++)
        {
            bool lies = Interlocked.Increment(ref _loads) % LieEvery == 0;
            Span<byte> page = pages.Span.Slice(i * PageSize.Bytes, PageSize.Bytes);
            outcomes[i] = Distort(slots.Span[i], outcomes[i], page, lies);
        }

        return outcomes;
    }

    public ValueTask<InvalidateOutcome[]> InvalidateAsync(ReadOnlyMemory<ulong> slots, CancellationToken stop) =>
        honest.InvalidateAsync(slots, stop);

    public ValueTask<ulong> InvalidateAllAsync(CancellationToken stop) => honest.InvalidateAllAsync(stop);

    public ValueTask PingAsync(PingShape shape, CancellationToken stop) => honest.PingAsync(shape, stop);

    private LoadOutcome Distort(ulong slot, LoadOutcome outcome, Span<byte> page, bool lies)
    {
        switch (lie)
        {
            case ChaosLie.StalePage when lies && _firstPages.TryGetValue(slot, out byte[]? first):
                first.CopyTo(page);
                return LoadOutcome.Loaded;
            case ChaosLie.OtherSlotsPage when lies && _firstPages.TryGetValue(slot + 1, out byte[]? other):
                other.CopyTo(page);
                return LoadOutcome.Loaded;
            case ChaosLie.Zeroes when outcome == LoadOutcome.Lost:
                page.Clear();
                return LoadOutcome.Loaded;
            case ChaosLie.LostIsEmpty when outcome == LoadOutcome.Lost:
                return LoadOutcome.NotFound;
            default:
                return outcome;
        }
    }
}
