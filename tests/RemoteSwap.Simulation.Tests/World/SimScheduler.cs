namespace RemoteSwap.Simulation.World;

/// <summary>
/// The one thread and the one clock of a simulated world. Continuations of production code come here, because it is the
/// synchronisation context of everything that runs; which of those that are ready runs next is drawn from the seed.
/// When none is ready, time jumps to the next event. So a seed is a whole history, and the same one each time.
/// <para>Not thread-safe: something that comes from another thread has left the simulation, and that is an
/// error.</para>
/// </summary>
internal sealed class SimScheduler : SynchronizationContext
{
    private readonly List<(SendOrPostCallback Callback, object? State)> _ready = [];
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _order;

    public SimScheduler(int seed) => Random = new Random(seed);

    /// <summary>Where every choice comes from.</summary>
    public Random Random { get; }

    /// <summary>Ticks (100 ns) since the world began.</summary>
    public long Now { get; private set; }

    /// <summary>Continuations and events that ran.</summary>
    public long Steps { get; private set; }

    /// <summary>Sums up all that happened: two runs of a seed have the same one.</summary>
    public ulong Digest { get; private set; } = 14_695_981_039_346_656_037;

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException(
                $"a continuation comes from outside the simulation: {d.Method} {state}\n{Environment.StackTrace}");
        }

        _ready.Add((d, state));
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) => d(state);

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs something later.</summary>
    public void At(TimeSpan delay, Action action) =>
        _events.Enqueue(action, (Now + Math.Max(0, delay.Ticks), _order++));

    /// <summary>A random time.</summary>
    public TimeSpan Between(double leastMs, double mostMs) =>
        TimeSpan.FromMilliseconds(leastMs + (Random.NextDouble() * (mostMs - leastMs)));

    /// <summary>Whether something happens that does so once in a while.</summary>
    public bool Chance(double probability) => Random.NextDouble() < probability;

    /// <summary>Adds something that was observed to the digest.</summary>
    public void Note(long value) => Digest = (Digest ^ (ulong)value) * 1_099_511_628_211;

    /// <summary>Runs until something holds.</summary>
    /// <param name="isDone">What.</param>
    /// <param name="most">The longest simulated time.</param>
    /// <param name="maxSteps">The most steps.</param>
    /// <returns>Whether it holds; if not, time or steps ran out, or nothing is left to do.</returns>
    public bool RunUntil(Func<bool> isDone, TimeSpan most, long maxSteps)
    {
        long end = Now + most.Ticks;
        long lastStep = Steps + maxSteps;
        while (!isDone())
        {
            if (Steps >= lastStep || !Step(end))
            {
                return false;
            }
        }

        return true;
    }

    private bool Step(long end)
    {
        Steps++;
        if (_ready.Count > 0)
        {
            int next = Random.Next(_ready.Count);
            (SendOrPostCallback callback, object? state) = _ready[next];
            _ready.RemoveAt(next);
            Note((Now << 8) + next);
            callback(state);
            return true;
        }

        if (!_events.TryPeek(out Action? action, out (long At, long Order) when) || when.At > end)
        {
            return false;
        }

        _events.Dequeue();
        Now = Math.Max(Now, when.At);
        Note(Now);
        action();
        return true;
    }
}
