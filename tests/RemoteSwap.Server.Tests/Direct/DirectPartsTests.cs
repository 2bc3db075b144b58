using System.Buffers;
using Microsoft.Extensions.Time.Testing;
using RemoteSwap.Server.Direct;
using RemoteSwap.Server.Options;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Tests.Direct;

/// <summary>The parts of a direct connection that count: windows, the opening, times.</summary>
public sealed class DirectPartsTests
{
    private static readonly TransportLimits s_limits = new()
    {
        MaxStreams = 1,
        HeadersTimeout = TimeSpan.FromSeconds(10),
        MaxHeaderBytes = 1,
        PingDelay = TimeSpan.FromSeconds(30),
        PingTimeout = TimeSpan.FromSeconds(20),
    };

    [Fact]
    public void BothWindowsBoundWhatIsSent()
    {
        SendWindow window = new();
        Assert.Equal(65_535, window.Take(100_000));
        Assert.Equal(0, window.Take(1));
        window.GrantStream(10);
        Assert.Equal(0, window.Take(1));
        window.GrantConnection(4);
        Assert.Equal(4, window.Take(100));
        window.GrantConnection(1000);
        Assert.Equal(6, window.Take(100));
        window.SetInitial(65_530);
        window.GrantStream(5);
        Assert.Equal(0, window.Take(100));
        window.SetInitial(65_531);
        Assert.Equal(1, window.Take(100));
    }

    [Fact]
    public void WhoWaitsForAWindowIsWokenOnlyWhenBothAreOpen()
    {
        SendWindow window = new();
        window.Take(100_000);
        ValueTask opened = window.OpenedAsync();
        window.GrantConnection(1);
        window.GrantConnection(1000);
        Assert.False(opened.IsCompleted);
        window.GrantStream(1);
        Assert.True(opened.IsCompletedSuccessfully);
    }

    [Fact]
    public void WidestWindowIsTheLast()
    {
        SendWindow window = new();
        window.GrantStream(int.MaxValue - 65_535);
        Assert.Equal(Http2Error.FlowControl, Fault(() => window.GrantStream(1)));
        Assert.Equal(Http2Error.FlowControl, Fault(() => window.SetInitial(65_536)));
        window.GrantConnection(int.MaxValue - 65_535);
        Assert.Equal(Http2Error.FlowControl, Fault(() => window.GrantConnection(1)));
        Assert.Equal(Http2Error.FlowControl, Fault(() => new SendWindow().SetInitial(1U << 31)));

        static Http2Error Fault(Action act) => Assert.Throws<WireFaultException>(act).Code;
    }

    [Fact]
    public void WhatIsUsedIsGrantedByHalves()
    {
        ReceiveWindow window = new(100);
        Assert.True(window.TryTake(100));
        Assert.False(window.TryTake(1));
        Assert.Equal(0, window.Give(49));
        Assert.False(window.TryTake(1));
        Assert.Equal(50, window.Give(1));
        Assert.True(window.TryTake(50));
        Assert.False(window.TryTake(1));
        Assert.Equal(0, window.Give(49));
        Assert.False(window.TryTake(1));
    }

    [Fact]
    public void OpeningIsKnownWhenItIsWhole()
    {
        byte[] opening = [.. Http2Wire.Preface, 0, 0, 12, 4, 0, 0, 0, 0, 0, 0xF5, 0xA1, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0];
        for (int length = 0; length < opening.Length; length++)
        {
            Assert.Equal(OpeningKind.Unknown, Judge(opening[..length]));
        }

        Assert.Equal(OpeningKind.Direct, Judge(opening));
        Assert.Equal(OpeningKind.Direct, Judge([.. opening, 1, 2, 3]));
        foreach ((int at, byte value) in ((int, byte)[])[(0, 0), (23, 0), (26, 11), (27, 5), (28, 1), (32, 1), (38, 2)])
        {
            byte[] other = [.. opening];
            other[at] = value;
            Assert.Equal(OpeningKind.Ordinary, Judge(other));
        }

        static OpeningKind Judge(byte[] bytes) => Opening.Judge(new ReadOnlySequence<byte>(bytes));
    }

    [Fact]
    public void LineIsWatched()
    {
        FakeTimeProvider time = new();
        time.Advance(TimeSpan.FromSeconds(1));
        LineWatch watch = new(s_limits, time);
        watch.TakeHead();
        Assert.Equal([LineState.Alive, LineState.Silent, LineState.Alive], [After(29), After(1), After(19)]);
        watch.Hear();
        Assert.Equal([LineState.Alive, LineState.Silent, LineState.Dead], [After(1), After(30), After(20)]);

        LineWatch late = new(s_limits, time);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(late.IsHeadLate);
        Assert.Equal(LineState.Due, late.Look(0, 0));

        LineWatch stalled = new(s_limits, time);
        stalled.TakeHead();
        long since = time.GetTimestamp();
        time.Advance(TimeSpan.FromSeconds(59));
        stalled.Hear();
        Assert.Equal(LineState.Alive, stalled.Look(since, since));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(LineState.Dead, stalled.Look(since, 0));
        Assert.Equal(LineState.Dead, stalled.Look(0, since));

        LineWatch last = new(s_limits, time);
        last.Linger();
        Assert.Equal(LineState.Alive, last.Look(0, 0));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(last.IsLingerOver && !last.IsHeadLate);

        LineState After(double seconds)
        {
            time.Advance(TimeSpan.FromSeconds(seconds));
            return watch.Look(0, 0);
        }
    }

    [Fact]
    public async Task SignalIsKeptForOneWaiter()
    {
        Signal signal = new();
        signal.Set();
        signal.Set();
        await signal.WaitAsync();
        Task waiting = signal.WaitAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        signal.Set();
        await waiting;
        waiting = signal.WaitAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        signal.Set();
        await waiting;
    }
}
