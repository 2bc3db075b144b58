using System.Collections.Concurrent;
using System.Diagnostics;

namespace RemoteSwap.LoadGen.Bench.Worker;

/// <summary>
/// Starts calls at a steady rate, whatever became of those before (an open loop), and counts latency from the intended
/// start. A thread of its own waits with the system's fine clock, because timers know whole milliseconds only, and
/// makes the calls itself up to where they wait. When all callers are busy a call waits for one, and the wait counts.
/// </summary>
/// <param name="callers">Make the calls; so many may be on the way.</param>
/// <param name="callsPerSecond">The rate.</param>
internal sealed class PacedCalls(IReadOnlyList<Caller> callers, double callsPerSecond) : IDisposable
{
    private readonly BlockingCollection<Caller> _idle = new(new ConcurrentStack<Caller>(callers));
    private readonly ConcurrentQueue<Exception> _failures = new();

    /// <summary>Runs, and waits for the last call.</summary>
    /// <exception cref="AggregateException">Calls failed.</exception>
    public Task RunAsync(TimeSpan time) => Task.Factory.StartNew(
        () => Run(time), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <inheritdoc/>
    public void Dispose() => _idle.Dispose();

    private void Run(TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        long calls = (long)(time.TotalSeconds * callsPerSecond);
        for (long call = 0; call < calls && _failures.IsEmpty; call++)
        {
            long intended = start + (long)(call / callsPerSecond * Stopwatch.Frequency);
            FineClock.WaitUntil(intended);
            Caller caller = _idle.Take();
            _ = CallAsync(caller, intended);
        }

        for (int i = 0; i < callers.Count; i++)
        {
            _idle.Take();
        }

        if (!_failures.IsEmpty)
        {
            throw new AggregateException(_failures);
        }
    }

    private async Task CallAsync(Caller caller, long intended)
    {
        try
        {
            await caller.CallAsync(intended);
        }
        catch (Client.RemoteSwapException failure)
        {
            _failures.Enqueue(failure);
        }
        finally
        {
            _idle.Add(caller);
        }
    }
}
