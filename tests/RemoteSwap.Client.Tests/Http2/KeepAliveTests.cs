using Microsoft.Extensions.Time.Testing;
using RemoteSwap.Client.Http2;
using Xunit;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>A server that is gone is found out in half a minute, and no other one is taken for gone.</summary>
public sealed class KeepAliveTests : IDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _time = new();
    private readonly KeepAlive _alive;
    private int _asked;
    private TimeSpan? _silent;

    public KeepAliveTests() => _alive = new KeepAlive(_time, () => _asked++, silent => _silent = silent);

    public void Dispose() => _alive.Dispose();

    [Fact]
    public void It_asks_once_after_twenty_seconds_and_gives_up_after_ten_more()
    {
        _alive.Listen();
        Pass(9);
        Assert.Equal(0, _asked);
        Pass(1);
        Assert.Equal(1, _asked);
        Pass(4);
        Assert.Equal(1, _asked);
        Assert.Null(_silent);
        Pass(1);
        Assert.Equal(TimeSpan.FromSeconds(30), _silent);
        Assert.Equal(1, _asked);
    }

    [Fact]
    public void Time_in_which_nobody_listens_does_not_count()
    {
        Pass(100);
        _alive.Listen();
        Pass(8);
        _alive.Hear();
        Pass(100);
        Assert.Equal(0, _asked);
        Assert.Null(_silent);
    }

    [Fact]
    public void A_byte_begins_it_anew()
    {
        for (int i = 0; i < 5; i++)
        {
            _alive.Listen();
            Pass(14);
            Assert.Equal(i + 1, _asked);
            _alive.Hear();
        }

        Assert.Null(_silent);
    }

    // The process was stopped, or its machine: the server was not asked, and may be as well as before.
    [Fact]
    public void A_pause_asks_first()
    {
        PausedTime time = new();
        int asked = 0;
        TimeSpan? silent = null;
        using KeepAlive alive = new(time, () => asked++, given => silent = given);
        alive.Listen();

        time.Tick(TimeSpan.FromMinutes(5));
        Assert.Equal(1, asked);
        Assert.Null(silent);
        time.Tick(TimeSpan.FromSeconds(9));
        Assert.Null(silent);
        time.Tick(TimeSpan.FromSeconds(1));
        Assert.NotNull(silent);
        Assert.Equal(1, asked);
    }

    [Fact]
    public void What_was_disposed_of_asks_nothing()
    {
        _alive.Listen();
        _alive.Dispose();
        Pass(100);

        Assert.Equal(0, _asked);
    }

    private void Pass(int ticks)
    {
        for (int i = 0; i < ticks; i++)
        {
            _time.Advance(s_tick);
        }
    }
}
