using Microsoft.Extensions.Time.Testing;
using RemoteSwap.LoadGen.Latency;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Latency;

public sealed class OpenLoopScheduleTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Calls_start_at_their_rate()
    {
        OpenLoopSchedule schedule = new(_clock, callsPerSecond: 100, offset: 0.5);
        long start = _clock.GetTimestamp();
        for (int call = 0; call < 5; call++)
        {
            Task<long> next = schedule.WaitForNextAsync(CancellationToken.None).AsTask();
            Assert.False(next.IsCompleted);
            _clock.Advance(TimeSpan.FromMilliseconds(call == 0 ? 5 : 10));

            double atMilliseconds = _clock.GetElapsedTime(start, await next).TotalMilliseconds;
            Assert.Equal(5 + (call * 10), atMilliseconds, precision: 3);
        }
    }

    [Fact]
    public async Task Calls_that_are_late_start_at_once_and_count_from_their_intended_start()
    {
        OpenLoopSchedule schedule = new(_clock, callsPerSecond: 1_000, offset: 0);
        long start = _clock.GetTimestamp();
        Assert.Equal(start, await schedule.WaitForNextAsync(CancellationToken.None));

        _clock.Advance(TimeSpan.FromMilliseconds(50));
        for (int call = 1; call <= 50; call++)
        {
            Task<long> next = schedule.WaitForNextAsync(CancellationToken.None).AsTask();
            Assert.True(next.IsCompleted);
            Assert.Equal(50 - call, _clock.GetElapsedTime(await next).TotalMilliseconds, precision: 3);
        }

        Assert.False(schedule.WaitForNextAsync(CancellationToken.None).AsTask().IsCompleted);
    }

    [Fact]
    public async Task A_wait_ends_when_the_run_is_stopped()
    {
        using CancellationTokenSource stop = new();
        OpenLoopSchedule schedule = new(_clock, callsPerSecond: 0.1, offset: 1);
        Task<long> next = schedule.WaitForNextAsync(stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
    }
}
