using System.Threading.Tasks.Sources;

namespace RemoteSwap.Client.Requests;

/// <summary>
/// One call of the library's user that waits for a reply, as the source of the task that the user holds. It is where
/// the right to touch the user's memory is settled:
/// <code>
/// Pending -> Unpacking -> Done        the reply is here; only its receiver may write to the memory
/// Pending -> Abandoned                cancelled, timed out or failed; nobody writes any more
/// </code>
/// The first step is one exchange of the state, so exactly one party wins, and the task ends only in Done or Abandoned.
/// Whoever cancels while the receiver unpacks comes too late: the task ends with the reply a moment later. So the
/// memory is never written to after the task has ended.
/// <para>
/// It is used again after Done, when the user has taken the result: then the receiver has let go of it, and no
/// cancellation can reach it, because ending the registration waits for one that runs. After Abandoned its request may
/// still refer to it, so it is left to the garbage collector.
/// </para>
/// <para>
/// Locks: none. Continuations run on the thread pool, never on the receiver. The exception is a call of this project's
/// own device (<see cref="ContinueOnReceiver"/>): when its reply has come it goes on at once, on the receiver, because
/// the change of threads costs more than the page. Where it fails it does not: that may be inside a lane's lock.
/// </para>
/// </summary>
internal sealed class PendingCall :
    IValueTaskSource,
    IValueTaskSource<long>,
    IValueTaskSource<StoreOutcome>,
    IValueTaskSource<LoadOutcome>,
    IValueTaskSource<InvalidateOutcome>
{
    private const int Pending = 0;
    private const int Unpacking = 1;
    private const int Done = 2;
    private const int Abandoned = 3;

    private readonly Stash<PendingCall> _home;
    private ManualResetValueTaskSourceCore<long> _task = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;
    private CallSubject _subject;
    private ulong? _slot;
    private int _state;

    /// <summary>Makes one that goes back where it belongs when it is done.</summary>
    public PendingCall(Stash<PendingCall> home) => _home = home;

    /// <summary>Tells this use of the object from others.</summary>
    public short Version => _task.Version;

    /// <summary>When the call times out, in the clock's timestamps.</summary>
    public long Deadline { get; private set; }

    /// <summary>The user's memory for a single page that is loaded.</summary>
    public Memory<byte> Page { get; private set; }

    /// <summary>Who is told when the call goes on upon its receiver; null: it goes on elsewhere.</summary>
    public ICompletionBurst? Burst { get; private set; }

    /// <summary>Whether nobody waits for the reply any more.</summary>
    public bool IsAbandoned => Volatile.Read(ref _state) == Abandoned;

    /// <summary>Begins a call about one page.</summary>
    /// <param name="subject">What it is about, without slots.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="page">The user's memory, if it is to be written.</param>
    /// <param name="deadline">When it times out.</param>
    /// <param name="ct">What ends the wait.</param>
    public void Begin(in CallSubject subject, ulong slot, Memory<byte> page, long deadline, CancellationToken ct)
    {
        _slot = slot;
        Page = page;
        Begin(subject, deadline, ct);
    }

    /// <summary>Begins a call.</summary>
    /// <param name="subject">What it is about.</param>
    /// <param name="deadline">When it times out.</param>
    /// <param name="ct">What ends the wait.</param>
    public void Begin(in CallSubject subject, long deadline, CancellationToken ct)
    {
        _subject = subject;
        _state = Pending;
        Deadline = deadline;
        if (ct.CanBeCanceled)
        {
            _cancellation = ct.UnsafeRegister(static (call, token) => ((PendingCall)call!).Cancel(token), this);
        }
    }

    /// <summary>Has the call go on where its reply is received; before it is sent.</summary>
    /// <param name="burst">Who is told.</param>
    public void ContinueOnReceiver(ICompletionBurst burst)
    {
        Burst = burst;
        _task.RunContinuationsAsynchronously = false;
    }

    /// <summary>Asks for the right to write to the user's memory.</summary>
    /// <returns>Whether it was given; then the call must be completed or failed.</returns>
    public bool TryBeginUnpacking() => Interlocked.CompareExchange(ref _state, Unpacking, Pending) == Pending;

    /// <summary>Ends the call after unpacking. The object must not be touched any more.</summary>
    public void Complete(long result)
    {
        Volatile.Write(ref _state, Done);
        _task.SetResult(result);
    }

    /// <summary>Ends the call with an exception after unpacking has begun.</summary>
    public void Fail(Exception failure)
    {
        Volatile.Write(ref _state, Abandoned);
        EndWith(failure);
    }

    /// <summary>Ends the call unless it is being unpacked or has ended.</summary>
    /// <returns>Whether it was ended.</returns>
    public bool TryFail(FailureCause cause, RemoteSwapClientOptions options)
    {
        bool isEnded = TryAbandon();
        if (isEnded)
        {
            EndWith(cause.For(Subject(), options));
        }

        return isEnded;
    }

    void IValueTaskSource.GetResult(short token) => Finish(token);

    long IValueTaskSource<long>.GetResult(short token) => Finish(token);

    StoreOutcome IValueTaskSource<StoreOutcome>.GetResult(short token) => (StoreOutcome)Finish(token);

    LoadOutcome IValueTaskSource<LoadOutcome>.GetResult(short token) => (LoadOutcome)Finish(token);

    InvalidateOutcome IValueTaskSource<InvalidateOutcome>.GetResult(short token) => (InvalidateOutcome)Finish(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _task.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<long>.GetStatus(short token) => _task.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<StoreOutcome>.GetStatus(short token) => _task.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<LoadOutcome>.GetStatus(short token) => _task.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<InvalidateOutcome>.GetStatus(short token) => _task.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _task.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource<long>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _task.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource<StoreOutcome>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _task.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource<LoadOutcome>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _task.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource<InvalidateOutcome>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _task.OnCompleted(continuation, state, token, flags);

    // Whoever fails a call may hold locks.
    private void EndWith(Exception failure)
    {
        _task.RunContinuationsAsynchronously = true;
        _task.SetException(failure);
    }

    private bool TryAbandon() => Interlocked.CompareExchange(ref _state, Abandoned, Pending) == Pending;

    private void Cancel(CancellationToken token)
    {
        if (TryAbandon())
        {
            EndWith(new OperationCanceledException($"{Subject()} was cancelled by its caller.", token));
        }
    }

    /// <summary>What the call is about.</summary>
    public CallSubject Subject() => _slot is { } slot ? _subject with { Slots = new[] { slot } } : _subject;

    private long Finish(short token)
    {
        // Throws for a task that was awaited twice, before anything of a later use is touched.
        if (_task.GetStatus(token) != ValueTaskSourceStatus.Pending)
        {
            _cancellation.Dispose();
        }

        long result = _task.GetResult(token);
        _task.Reset();
        _task.RunContinuationsAsynchronously = true;
        Burst = null;
        _subject = default;
        _slot = null;
        _cancellation = default;
        Page = default;
        _home.Return(this);
        return result;
    }
}
