using Microsoft.Extensions.Time.Testing;
using RemoteSwap.Client;
using RemoteSwap.LoadGen.Workload;

namespace RemoteSwap.LoadGen.Tests.Workload;

/// <summary>
/// A target whose first store takes long by a clock that stands still otherwise; allocates nothing for a call.
/// </summary>
internal sealed class StallingTarget(FakeTimeProvider clock, TimeSpan stall, int batch) : ISwapTarget
{
    private readonly StoreOutcome[] _stored = [.. Enumerable.Repeat(StoreOutcome.Stored, batch)];
    private readonly LoadOutcome[] _notFound = [.. Enumerable.Repeat(LoadOutcome.NotFound, batch)];
    private bool _stalled;

    public ValueTask<StoreOutcome[]> StoreAsync(
        ReadOnlyMemory<ulong> slots, ReadOnlyMemory<byte> pages, CancellationToken stop)
    {
        if (!_stalled)
        {
            _stalled = true;
            clock.Advance(stall);
        }

        return ValueTask.FromResult(_stored);
    }

    public ValueTask<LoadOutcome[]> LoadAsync(
        ReadOnlyMemory<ulong> slots, Memory<byte> pages, CancellationToken stop) => ValueTask.FromResult(_notFound);

    public ValueTask<InvalidateOutcome[]> InvalidateAsync(ReadOnlyMemory<ulong> slots, CancellationToken stop) =>
        ValueTask.FromResult(new InvalidateOutcome[slots.Length]);

    public ValueTask<ulong> InvalidateAllAsync(CancellationToken stop) => ValueTask.FromResult(0ul);

    public ValueTask PingAsync(PingShape shape, CancellationToken stop) => ValueTask.CompletedTask;
}
