namespace RemoteSwap.Store;

/// <summary>
/// The shrinker's reclaim steps that have begun and not ended: a few, so that the medium has the next while the last
/// one is written (KERNEL R17). Used by the shrinker's task only.
/// </summary>
internal sealed class StepsInFlight(TenantReclaim reclaim)
{
    /// <summary>The most at once: half a MiB of images, which keeps a queue before a disk and bounds what a stop
    /// waits for.</summary>
    public const int Max = 4;

    private readonly List<(Task<WritebackStep> Task, Victim Victim, int Frames)> _steps = new(Max);

    public bool IsEmpty => _steps.Count == 0;

    public bool IsFull => _steps.Count == Max;

    /// <summary>Frames that the steps are to free.</summary>
    public int Frames { get; private set; }

    /// <summary>Begins a step.</summary>
    public void Begin(Victim victim, int frames, ReclaimReason reason)
    {
        Frames += frames;
        victim.InFlight += frames;
        _steps.Add((reclaim.StepAsync(victim.Tenant, frames, reason).AsTask(), victim, frames));
    }

    /// <summary>Waits until a step has ended.</summary>
    /// <returns>The step's victim and what it did.</returns>
    public async ValueTask<(Victim Victim, WritebackStep Step)> NextAsync()
    {
        await Task.WhenAny([.. _steps.Select(step => step.Task)]);
        int ended = _steps.FindIndex(step => step.Task.IsCompleted);
        (Task<WritebackStep> task, Victim victim, int frames) = _steps[ended];
        _steps.RemoveAt(ended);
        Frames -= frames;
        victim.InFlight -= frames;
        return (victim, await task);
    }
}
