using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Reclaims frames of one tenant: a step from whichever of its shards has its turn, or steps until a target is reached,
/// with zbud's bounds and results. Pages of an ephemeral tenant are dropped. Of a persistent one, without a writeback
/// target and without a client that takes pages, nothing is reclaimed: a page that must not be lost stays.
/// <para>Thread-safe: any number of steps may run at once, also of one tenant.</para>
/// </summary>
internal sealed class TenantReclaim(IWritebackTarget? target, TimeProvider time, IStoreWatch? watch)
{
    private readonly WritebackPool? _writebacks = target is null ? null : new WritebackPool(target);

    /// <summary>Whether anything can be reclaimed from a tenant at all, as things are.</summary>
    public bool CanReclaim(Tenant tenant) => tenant.Poison is null
        && (_writebacks is not null || tenant.HasOutlets || tenant.Options.Retention == Retention.Ephemeral);

    /// <summary>Reclaims until a target is reached.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="targetFrames">How many frames to free, at least 1.</param>
    /// <param name="retries">How many failures to bear, 0 or more; 0 reclaims nothing.</param>
    /// <param name="isEnding">
    /// Whether the server ends: it waits for calls that change pages, and this one may be for more than it can wait.
    /// </param>
    public async ValueTask<ReclaimResult> RunAsync(Tenant tenant, int targetFrames, int retries, Func<bool> isEnding)
    {
        if (tenant.Poison is not null)
        {
            return new ReclaimResult(ReclaimOutcome.Invariant, 0, 0, tenant.Poison);
        }

        if (retries <= 0)
        {
            return new ReclaimResult(ReclaimOutcome.NothingToReclaim, 0, 0, "no retry is allowed");
        }

        if (!CanReclaim(tenant))
        {
            return new ReclaimResult(
                ReclaimOutcome.NothingToReclaim,
                0,
                0,
                "the server has no writeback target, no client takes pages, and they must not be lost");
        }

        int freed = 0;
        long pages = 0;
        int failures = 0;
        while (freed < targetFrames)
        {
            WritebackStep step = await StepAsync(tenant, targetFrames - freed, ReclaimReason.Request);
            freed += step.Freed;
            pages += step.PagesWritten;
            failures += step.Failed;
            if (tenant.Poison is not null)
            {
                return new ReclaimResult(ReclaimOutcome.Invariant, freed, pages, tenant.Poison);
            }

            if (failures >= retries && freed < targetFrames)
            {
                string why = step.Detail is { Length: > 0 } ? step.Detail : "frames are in use";
                return new ReclaimResult(ReclaimOutcome.TryAgain, freed, pages, why);
            }

            if (isEnding() && freed < targetFrames)
            {
                return new ReclaimResult(ReclaimOutcome.TryAgain, freed, pages, "the server is shutting down");
            }

            if (step is { Attempted: 0, Failed: 0 })
            {
                return new ReclaimResult(
                    ReclaimOutcome.NothingToReclaim, freed, pages, "no frame is left in memory that may go");
            }
        }

        return new ReclaimResult(ReclaimOutcome.Freed, freed, pages, "");
    }

    /// <summary>
    /// Runs one step: up to 32 frames of the next shard that has any. A broken invariant poisons the tenant.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="frames">How many frames, at least 1; no more than a step's are taken.</param>
    /// <param name="reason">Why.</param>
    public async ValueTask<WritebackStep> StepAsync(Tenant tenant, int frames, ReclaimReason reason)
    {
        long began = time.GetTimestamp();
        WritebackStep step = default;
        int condemned = 0;
        try
        {
            if (reason == ReclaimReason.ServerLimit)
            {
                frames = condemned = tenant.Budget.Condemn(Math.Min(frames, FrameWriteback.MaxFrames));
            }

            step = frames == 0 ? default : await TakeAsync(tenant, frames, reason);
        }
        catch (InvariantViolationException violation)
        {
            tenant.SetPoison(violation);
            step = new WritebackStep(0, 0, 0, 1, violation.Message);
        }
        finally
        {
            // The step has ended those that it tried.
            tenant.Budget.EndCondemned(Math.Max(0, condemned - step.Attempted));
        }

        watch?.Reclaimed(tenant.Name, time.GetElapsedTime(began), ResultOf(step));
        return step;
    }

    private static StepResult ResultOf(WritebackStep step)
    {
        StepResult otherwise = step is { Attempted: 0, Failed: 0 } ? StepResult.Nothing : StepResult.Failed;
        return step.Freed > 0 ? StepResult.Freed : otherwise;
    }

    private async ValueTask<WritebackStep> TakeAsync(Tenant tenant, int frames, ReclaimReason reason)
    {
        bool drops = tenant.Options.Retention == Retention.Ephemeral;
        FrameWriteback? writeback = drops ? null : _writebacks?.Rent();
        ReclaimPass pass = new(tenant, writeback, time, reason);
        WritebackStep step = default;

        // Each step goes round by itself from where the last one began, so that none is spared and none is bled.
        uint turn = tenant.NextReclaimTurn();
        for (int looked = 0; looked < tenant.Shards.Length && step is { Attempted: 0, Failed: 0 }; looked++, turn++)
        {
            Shard shard = tenant.Shards[(int)(turn % (uint)tenant.Shards.Length)];
            step = drops ? FrameDrop.Run(shard, frames, reason) : await pass.RunAsync(shard, frames);
        }

        // Not given back if it threw: what it holds is not known then.
        if (writeback is not null)
        {
            _writebacks!.Return(writeback);
        }

        return step;
    }
}
