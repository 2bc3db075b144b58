using System.Threading.Tasks.Sources;

namespace RemoteSwap.Device;

/// <summary>
/// One request in the <see cref="SlotGate"/>: its slots, and the source of the task that it waits with. Belongs to the
/// gate; used again after the request has left.
/// </summary>
internal sealed class SlotPass : IValueTaskSource<SlotPass>
{
    private ManualResetValueTaskSourceCore<bool> _task = new() { RunContinuationsAsynchronously = true };

    /// <summary>The first slot.</summary>
    public long First { get; private set; }

    /// <summary>The last slot.</summary>
    public long Last { get; private set; }

    /// <summary>Whether nobody else may be at the slots.</summary>
    public bool IsAlone { get; private set; }

    /// <summary>Whether it only waits for others and is in nobody's way.</summary>
    public bool IsWatching { get; private set; }

    /// <summary>Whether it is not yet let in.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>The one that came before it.</summary>
    public SlotPass? Previous { get; set; }

    /// <summary>The one that came after it.</summary>
    public SlotPass? Next { get; set; }

    /// <summary>The next of those that are let in together.</summary>
    public SlotPass? NextAdmitted { get; set; }

    /// <summary>Tells this use of the object from others.</summary>
    public short Version => _task.Version;

    /// <summary>Begins a new use.</summary>
    public void Begin(long first, long last, bool isAlone, bool isWatching)
    {
        IsWatching = isWatching;
        First = first;
        Last = last;
        IsAlone = isAlone;
    }

    /// <summary>Lets the request go on.</summary>
    public void Admit() => _task.SetResult(true);

    SlotPass IValueTaskSource<SlotPass>.GetResult(short token)
    {
        _task.GetResult(token);
        _task.Reset();
        return this;
    }

    ValueTaskSourceStatus IValueTaskSource<SlotPass>.GetStatus(short token) => _task.GetStatus(token);

    void IValueTaskSource<SlotPass>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _task.OnCompleted(continuation, state, token, flags);
}
