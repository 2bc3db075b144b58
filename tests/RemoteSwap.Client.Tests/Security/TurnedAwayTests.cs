using RemoteSwap.Client.Security;
using RemoteSwap.Client.Tests.Fakes;
using Xunit;

namespace RemoteSwap.Client.Tests.Security;

/// <summary>
/// A server that turns a client away says nothing with TLS 1.3: it must not look like one that is down, and one that
/// goes down must not look like that.
/// </summary>
public sealed class TurnedAwayTests
{
    public static TheoryData<int> Streams => [0, 2];

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task A_server_that_wants_a_certificate_and_gets_none_is_a_refusal_and_not_away(int streams)
    {
        await RefuseAsync(streams, waits: true);
        await RefuseAsync(streams, waits: false);
    }

    [Fact]
    public async Task A_server_that_goes_right_after_the_handshake_is_waited_for()
    {
        using TestPki pki = new();
        int left = SilentEnds.EndsInRow - 1;
        int ended = 0;
        await using FakeServer server = await FakeServer.StartAsync(listen: listener =>
        {
            pki.Listen()(listener);
            listener.Use(next => context =>
            {
                if (Interlocked.Decrement(ref left) >= 0)
                {
                    Interlocked.Increment(ref ended);
                    return Task.CompletedTask;
                }

                return next(context);
            });
        });
        await using RemoteSwapConnection connection = server.Connect(1, waitsForServer: true, tls: pki.Client);

        await connection.PingAsync(default);

        Assert.Equal(SilentEnds.EndsInRow - 1, ended);
    }

    private static async Task RefuseAsync(int streams, bool waits)
    {
        using TestPki pki = new();
        await using FakeServer server = await FakeServer.StartAsync(listen: pki.Listen(_ => { }));
        await using RemoteSwapConnection connection = server.Connect(
            streams,
            callDeadline: TimeSpan.FromSeconds(5),
            waitsForServer: waits,
            tls: new TlsOptions { CaFile = pki.Ca });

        RemoteSwapException failure = await Assert.ThrowsAsync<RemoteSwapException>(
            async () => await connection.PingAsync(default));

        Assert.True(failure.Error == RemoteSwapError.Unauthenticated, failure.ToString());
        Assert.Contains("certificate", failure.Message, StringComparison.Ordinal);
    }
}
