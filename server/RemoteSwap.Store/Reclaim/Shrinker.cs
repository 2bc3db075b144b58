using System.Threading.Channels;

namespace RemoteSwap.Store;

/// <summary>
/// Works a full pool down to its accept threshold in the background, so that no Store waits for a write. A tenant at
/// its own limit is reclaimed from itself only; a full server takes from its tenants in turn, with a kept cursor.
/// <para>
/// Woken by a Store that was refused; runs in one task; steps of 32 frames; gives up after 16 failures in a row until
/// it is woken again (zswap: MAX_RECLAIM_RETRIES).
/// </para>
/// </summary>
public sealed class Shrinker
{
    /// <summary>Failures after which it gives up until it is woken again.</summary>
    public const int MaxRetries = 16;

    private const int StepFrames = 32;

    private readonly PageStore _store;
    private readonly FrameBudget _server;
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private int _cursor;

    internal Shrinker(PageStore store, FrameBudget server)
    {
        _store = store;
        _server = server;
    }

    /// <summary>Asks for a round. Cheap; does not wait.</summary>
    public void Wake() => _wakes.Writer.TryWrite(true);

    /// <summary>Works until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (await _wakes.Reader.WaitToReadAsync(cancellation))
        {
            _wakes.Reader.TryRead(out _);
            await ShrinkAsync(cancellation);
        }
    }

    /// <summary>Runs one round: each tenant at its limit, then the server.</summary>
    public async ValueTask ShrinkAsync(CancellationToken cancellation)
    {
        if (_store.Target is null)
        {
            return;
        }

        foreach (Tenant tenant in _store.Tenants)
        {
            await ShrinkTenantAsync(tenant, cancellation);
        }

        await ShrinkServerAsync(cancellation);
    }

    private static int FramesAbove(FrameBudget budget) => budget.Gate.HasReachedLimit
        ? (int)Math.Clamp(budget.UsedFrames - budget.Gate.AcceptFrames, 0, StepFrames)
        : 0;

    private async ValueTask ShrinkTenantAsync(Tenant tenant, CancellationToken cancellation)
    {
        int failures = 0;
        while (FramesAbove(tenant.Budget) is > 0 and int frames
            && failures < MaxRetries
            && !cancellation.IsCancellationRequested)
        {
            ReclaimResult result = await _store.ReclaimAsync(tenant, frames, MaxRetries);
            failures = result.FramesFreed > 0 ? 0 : failures + 1;
        }
    }

    private async ValueTask ShrinkServerAsync(CancellationToken cancellation)
    {
        int failures = 0;
        int withoutFrames = 0;
        while (FramesAbove(_server) is > 0 and int frames
            && failures < MaxRetries
            && withoutFrames < _store.Tenants.Count
            && !cancellation.IsCancellationRequested)
        {
            _cursor = (_cursor + 1) % _store.Tenants.Count;
            ReclaimResult result = await _store.ReclaimAsync(_store.Tenants[_cursor], frames, MaxRetries);

            // A tenant that has nothing to give is no failure; a whole round of them ends it.
            bool gave = result.FramesFreed > 0;
            bool tried = result.Outcome == ReclaimOutcome.TryAgain;
            withoutFrames = gave || tried ? 0 : withoutFrames + 1;
            failures = gave ? 0 : failures + (tried ? 1 : 0);
        }
    }
}
