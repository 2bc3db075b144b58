using System.Threading.Channels;

namespace RemoteSwap.Store;

/// <summary>
/// Works pools that come near their limit down to their accept threshold in the background, so that no Store waits for
/// a write. A tenant near its own limit is reclaimed from itself only; a server near its limit takes from tenants
/// beyond their guarantee (<see cref="VictimChoice"/>).
/// <para>
/// Woken by a Store that came near a limit, or was refused; runs in one task; steps of up to 32 frames, a few in
/// flight; a tenant that fails 16 times in a row is left alone until it is woken again (zswap: MAX_RECLAIM_RETRIES).
/// When a round freed nothing there is a pause, so that stores of a full server with a full spill file do not keep it
/// turning.
/// </para>
/// <para>What it is not: a brake. When stores come faster than frames are written, the limit refuses them.</para>
/// </summary>
public sealed class Shrinker
{
    /// <summary>Failures in a row after which a tenant is left alone until the next round.</summary>
    public const int MaxRetries = 16;

    // Half a GiB of frames. What is still needed then is the next round's, so that tenants that were given up in this
    // one are asked again however long the pressure lasts.
    private const int MaxStepsPerRound = 4096;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly IReadOnlyList<Victim> _victims;
    private readonly VictimChoice _choice;
    private readonly StepsInFlight _steps;
    private readonly ServerBudget _server;
    private readonly TenantReclaim _reclaim;
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private bool _works;
    private bool _ownFirst;

    internal Shrinker(IReadOnlyList<Tenant> tenants, ServerBudget server, TenantReclaim reclaim)
    {
        _server = server;
        _reclaim = reclaim;
        _victims = [.. tenants.Select(tenant => new Victim(tenant))];
        _choice = new VictimChoice(_victims);
        _steps = new StepsInFlight(reclaim);
    }

    /// <summary>Asks for a round. Cheap; does not wait.</summary>
    public void Wake()
    {
        // One that works looks at everything again before it rests.
        if (!Volatile.Read(ref _works) && CanShrink())
        {
            _wakes.Writer.TryWrite(true);
        }
    }

    /// <summary>Works until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (await _wakes.Reader.WaitToReadAsync(cancellation))
        {
            _wakes.Reader.TryRead(out _);
            long freed;
            do
            {
                Volatile.Write(ref _works, true);
                freed = await ShrinkAsync(cancellation);
                Volatile.Write(ref _works, false);
            }
            while (freed > 0 && IsNeeded() && !cancellation.IsCancellationRequested);

            if (freed == 0)
            {
                await Task.Delay(s_pause, cancellation);
            }
        }
    }

    /// <summary>
    /// Runs one round: until every limit has room, or nobody has anything to give, or the round's steps are used up.
    /// </summary>
    /// <returns>Frames freed.</returns>
    public async ValueTask<long> ShrinkAsync(CancellationToken cancellation)
    {
        foreach (Victim victim in _victims)
        {
            victim.BeginRound();
        }

        bool serverIsNear = false;
        long freed = 0;
        int steps = 0;
        while (true)
        {
            serverIsNear |= _server.NeedsShrinking;
            while (!_steps.IsFull && steps < MaxStepsPerRound && !cancellation.IsCancellationRequested
                && TryBegin(serverIsNear))
            {
                steps++;
            }

            if (_steps.IsEmpty)
            {
                return freed;
            }

            freed += Note(await _steps.NextAsync());
        }
    }

    private static long Note((Victim Victim, WritebackStep Step) ended)
    {
        (Victim victim, WritebackStep step) = ended;
        victim.Failures = step.Freed > 0 ? 0 : victim.Failures + 1;
        victim.IsSpent |= victim.Failures >= MaxRetries || step is { Attempted: 0, Failed: 0 };
        return step.Freed;
    }

    // Clients begin and end to take pages as they like.
    private bool CanShrink()
    {
        foreach (Victim victim in _victims)
        {
            if (_reclaim.CanReclaim(victim.Tenant))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsNeeded()
    {
        bool needed = _server.NeedsShrinking;
        foreach (Victim victim in _victims)
        {
            needed |= victim.Tenant.Budget.NeedsShrinking;
        }

        return needed;
    }

    // Both kinds of need take turns, so that neither waits for the other.
    private bool TryBegin(bool serverIsNear)
    {
        _ownFirst = !_ownFirst;
        return _ownFirst
            ? TryBeginForOwnLimit() || TryBeginForServer(serverIsNear)
            : TryBeginForServer(serverIsNear) || TryBeginForOwnLimit();
    }

    private bool TryBeginForOwnLimit()
    {
        if (!_choice.TryChooseForOwnLimit(out Victim victim, out int frames))
        {
            return false;
        }

        _steps.Begin(victim, frames, ReclaimReason.OwnLimit);
        return true;
    }

    private bool TryBeginForServer(bool serverIsNear)
    {
        long needed = serverIsNear ? _server.ChargedFrames - _steps.Frames - _server.Gate.StopFrames : 0;
        if (needed <= 0
            || !_choice.TryChooseForServer((int)Math.Min(needed, int.MaxValue), out Victim victim, out int frames))
        {
            return false;
        }

        _steps.Begin(victim, frames, ReclaimReason.ServerLimit);
        return true;
    }
}
