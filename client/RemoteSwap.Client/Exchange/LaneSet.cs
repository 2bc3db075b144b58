using Grpc.Core;
using RemoteSwap.Client.Gathering;
using RemoteSwap.Client.Requests;
using RemoteSwap.Client.Sessions;
using RemoteSwap.Client.Telemetry;

namespace RemoteSwap.Client.Exchange;

/// <summary>
/// The lanes of a connection. A batch goes to the lane that has least to do; single pages go to the lane of their slot,
/// so that operations of one kind on one slot reach the server in the order in which they were begun, and no store is
/// refused as stale for having been overtaken on the way.
/// <para>Any thread may call.</para>
/// </summary>
internal sealed class LaneSet : IPageTransport, IAsyncDisposable
{
    // Calls that are kept for further use: as many as callers may have under way without making garbage.
    private const int MostCallsKept = 4096;

    // Spreads slots that follow each other in any step over the lanes (Fibonacci hashing).
    private const ulong SlotFactor = 0x9E37_79B9_7F4A_7C15;
    private const int SlotShift = 32;

    // How long the closing of a connection waits for the server to answer what it has and to end the streams.
    private static readonly TimeSpan s_closeGrace = TimeSpan.FromMilliseconds(250);

    private readonly ExchangeLane[] _lanes;
    private readonly DeadlineSweep _sweep;
    private readonly Stash<PendingCall> _calls = new(static home => new PendingCall(home), MostCallsKept);
    private int _next;
    private bool _isClosed;

    /// <summary>Makes lanes; nothing is opened yet.</summary>
    /// <param name="invoker">The channel.</param>
    /// <param name="options">The connection's options; they ask for at least one stream.</param>
    /// <param name="time">The clock.</param>
    /// <param name="sessions">The connection's sessions.</param>
    /// <param name="meter">Measures them.</param>
    public LaneSet(
        CallInvoker invoker,
        RemoteSwapClientOptions options,
        TimeProvider time,
        SessionSet sessions,
        ClientMeter meter)
    {
        Gathered = new GatheredStashes(meter);
        _sweep = new DeadlineSweep(time, options.CallDeadline, Sweep);
        _lanes = new ExchangeLane[options.Streams];
        for (int i = 0; i < _lanes.Length; i++)
        {
            _lanes[i] = new ExchangeLane(invoker, options, time, sessions, _sweep, meter);
        }
    }

    /// <summary>How many lanes there are.</summary>
    public int Count => _lanes.Length;

    /// <summary>Where gathered batches come from.</summary>
    public GatheredStashes Gathered { get; }

    /// <summary>A lane.</summary>
    public ExchangeLane this[int lane] => _lanes[lane];

    /// <summary>The lane of a slot.</summary>
    public int LaneOf(ulong slot) => (int)((uint)((slot * SlotFactor) >> SlotShift) % (uint)_lanes.Length);

    /// <summary>Begins a call about one page.</summary>
    /// <param name="subject">What it is about, without slots.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="page">The caller's memory, if it is to be written.</param>
    /// <param name="burst">Who is told when the call goes on upon its receiver; null: it goes on elsewhere.</param>
    /// <param name="ct">Ends the wait.</param>
    public PendingCall Begin(
        in CallSubject subject, ulong slot, Memory<byte> page, ICompletionBurst? burst, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isClosed), typeof(RemoteSwapConnection));
        PendingCall call = _calls.Rent();
        call.Begin(subject, slot, page, _sweep.Deadline(), ct);
        if (burst is not null)
        {
            call.ContinueOnReceiver(burst);
        }

        return call;
    }

    /// <inheritdoc/>
    public ValueTask SendAsync(BatchRequest request, in CallSubject subject, CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(ct);
        }

        PendingCall call = Send(request, subject, ct, out short version);
        return new ValueTask(call, version);
    }

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(BatchRequest request, in CallSubject subject, CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<long>(ct);
        }

        PendingCall call = Send(request, subject, ct, out short version);
        return new ValueTask<long>(call, version);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, value: true))
        {
            return;
        }

        Array.ForEach(_lanes, lane => lane.Close());
        Task ended = Task.WhenAll(_lanes.Select(lane => lane.Ended));

        // By the system's clock: a server that does not end its streams must not hold this up.
        await Task.WhenAny(ended, Task.Delay(s_closeGrace)).ConfigureAwait(false);
        Array.ForEach(_lanes, lane => lane.Abort());
        await ended.ConfigureAwait(false);
        _sweep.Dispose();
    }

    private PendingCall Send(BatchRequest request, in CallSubject subject, CancellationToken ct, out short version)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isClosed), typeof(RemoteSwapConnection));
        PendingCall call = _calls.Rent();
        call.Begin(subject, _sweep.Deadline(), ct);
        version = call.Version;
        request.Await(call);

        ExchangeLane lane = LeastBusy();
        if (lane.TryQueue(request))
        {
            lane.Pump();
        }
        else
        {
            lane.Refuse(request);
        }

        return call;
    }

    // Where lanes are equal, in turn.
    private ExchangeLane LeastBusy()
    {
        uint first = (uint)Interlocked.Increment(ref _next);
        ExchangeLane least = _lanes[first % (uint)_lanes.Length];
        for (int i = 1; i < _lanes.Length && least.Bytes > 0; i++)
        {
            ExchangeLane lane = _lanes[(first + (uint)i) % (uint)_lanes.Length];
            least = lane.Bytes < least.Bytes ? lane : least;
        }

        return least;
    }

    private bool Sweep(long now)
    {
        bool isBusy = false;
        foreach (ExchangeLane lane in _lanes)
        {
            isBusy |= lane.Sweep(now);
        }

        return isBusy;
    }
}
