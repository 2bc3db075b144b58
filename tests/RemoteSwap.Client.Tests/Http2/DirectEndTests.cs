using Grpc.Core;
using RemoteSwap.Wire.Http2;
using Xunit;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>Each way in which a call can end that is no breach of the protocol, in gRPC's words.</summary>
public sealed class DirectEndTests
{
    private const string Grpc = "content-type: application/grpc";

    [Fact]
    public async Task Trailers_end_it_well_or_with_words()
    {
        using DirectPeer good = await DirectPeer.StartAsync();
        good.Send(Frames.Trailers("grpc-status: 0"));
        Assert.False(await good.NextAsync());
        Assert.False(await good.NextAsync());
        Assert.Equal(StatusCode.OK, good.Call.Status.StatusCode);

        using DirectPeer bad = await DirectPeer.StartAsync();
        bad.Send(Frames.Trailers("grpc-status: 8", "grpc-message: 100%25 f%C3%BCll %zz %4"));
        Status status = await bad.FailureAsync();
        Assert.Equal(StatusCode.ResourceExhausted, status.StatusCode);
        Assert.Equal("100% füll %zz %4", status.Detail);
        Assert.Null(status.DebugException);
    }

    [Theory]
    [InlineData("grpc-status: 17")]
    [InlineData("grpc-status: -1")]
    [InlineData("grpc-status: x")]
    [InlineData("grpc-status: 99999999999")]
    public async Task A_status_that_there_is_not_is_unknown(string field)
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        peer.Send(Frames.Trailers(field));

        Assert.Equal(StatusCode.Unknown, (await peer.FailureAsync()).StatusCode);
    }

    [Theory]
    [InlineData(StatusCode.PermissionDenied, ":status: 200", Grpc, "grpc-status: 7")]
    [InlineData(StatusCode.Unauthenticated, ":status: 401", "content-type: text/html", "grpc-status: 16")]
    [InlineData(StatusCode.Unimplemented, ":status: 404", Grpc)]
    [InlineData(StatusCode.Unavailable, ":status: 503", "content-type: text/html")]
    [InlineData(StatusCode.Unavailable, ":status: 429")]
    [InlineData(StatusCode.Internal, ":status: 400")]
    [InlineData(StatusCode.PermissionDenied, ":status: 403")]
    [InlineData(StatusCode.Unknown, ":status: 302", Grpc, "grpc-status: 0")]
    [InlineData(StatusCode.Unknown, ":status: 200", "content-type: application/grpc-web", "grpc-status: 0")]
    [InlineData(StatusCode.Unknown, ":status: 200", "content-type: text/html")]
    [InlineData(StatusCode.Unknown, ":status: 200")]
    public async Task A_head_alone_ends_it(StatusCode expected, params string[] fields)
    {
        // Whether the stream ends with it or a body follows that never comes.
        foreach (bool ends in (bool[])[true, false])
        {
            if (!ends && fields is [":status: 200", Grpc, ..])
            {
                continue;
            }

            using DirectPeer peer = new();
            peer.Send(Frames.Settings(), Frames.Head(ends, fields));

            Assert.Equal(expected, (await peer.FailureAsync()).StatusCode);
        }
    }

    [Theory]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc; charset=utf-8")]
    public async Task Other_names_of_grpc_are_grpc(string type)
    {
        using DirectPeer peer = new();
        peer.Send(
            Frames.Settings(),
            Frames.Head(ends: false, ":status: 103", "content-type: text/html"),
            Frames.Head(ends: false, ":status: 200", $"content-type: {type}"),
            Frames.Data(Frames.Message([5])),
            Frames.Trailers("grpc-status: 0", "content-type: text/html"));

        Assert.True(await peer.NextAsync());
        Assert.Equal([5], peer.Call.Current);
        Assert.False(await peer.NextAsync());
    }

    [Fact]
    public async Task Trailers_without_a_status_break_it()
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        peer.Send(Frames.Trailers("a: b"));

        await RequireBrokenAsync(peer);
    }

    [Theory]
    [InlineData(Http2Error.None, StatusCode.Unavailable)]
    [InlineData(Http2Error.Protocol, StatusCode.Unavailable)]
    [InlineData(Http2Error.Internal, StatusCode.Unavailable)]
    [InlineData(Http2Error.FlowControl, StatusCode.Unavailable)]
    [InlineData(Http2Error.StreamClosed, StatusCode.Unavailable)]
    [InlineData(Http2Error.RefusedStream, StatusCode.Unavailable)]
    [InlineData(Http2Error.Cancel, StatusCode.Cancelled)]
    [InlineData(Http2Error.EnhanceYourCalm, StatusCode.ResourceExhausted)]
    [InlineData((Http2Error)77, StatusCode.Unavailable)]
    public async Task A_reset_stream(Http2Error error, StatusCode expected)
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        peer.Send(Frames.Data(Frames.Message([1])), Frames.Reset(error));

        // What came before it counts.
        Assert.True(await peer.NextAsync());
        Assert.Equal(expected, (await peer.FailureAsync()).StatusCode);
    }

    [Fact]
    public async Task A_connection_that_is_to_end_still_serves_the_stream()
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        peer.Send(
            Frames.GoAway(1, Http2Error.None),
            Frames.GoAway(int.MaxValue, Http2Error.None),
            Frames.Data(Frames.Message([1])),
            Frames.Trailers("grpc-status: 0"));

        Assert.True(await peer.NextAsync());
        Assert.False(await peer.NextAsync());
    }

    [Theory]
    [InlineData(0, Http2Error.None)]
    [InlineData(1, Http2Error.EnhanceYourCalm)]
    [InlineData(0, Http2Error.Protocol)]
    public async Task A_connection_that_ends_without_the_stream(uint last, Http2Error error)
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        peer.Send(Frames.GoAway(last, error));

        await RequireBrokenAsync(peer);
    }

    [Fact]
    public async Task A_connection_that_closes_or_breaks()
    {
        using DirectPeer closed = await DirectPeer.StartAsync();
        closed.Connection.EndArriving();
        await RequireBrokenAsync(closed);

        using DirectPeer cut = await DirectPeer.StartAsync();
        cut.Connection.Arrive(Frames.Ping().AsMemory(0, 12));
        cut.Connection.EndArriving();
        await RequireBrokenAsync(cut);

        IOException reset = new("reset by peer");
        using DirectPeer broken = await DirectPeer.StartAsync();
        broken.Connection.Break(reset);
        Assert.Same(reset, await RequireBrokenAsync(broken));
    }

    // A lane that met an exception of another kind would never open a stream again.
    [Fact]
    public async Task An_exception_of_no_known_kind_is_a_status()
    {
        using DirectPeer peer = new() { Dial = static _ => throw new NotSupportedException("no such thing") };

        Status status = await peer.FailureAsync();

        Assert.Equal(StatusCode.Internal, status.StatusCode);
        Assert.IsType<NotSupportedException>(status.DebugException);
    }

    [Fact]
    public async Task A_writer_that_waits_goes_when_the_stream_ends()
    {
        using DirectPeer peer = await DirectPeer.StartAsync();
        Task write = peer.Call.WriteAsync(new byte[100_000], more: false).AsTask();
        await DirectPeer.UntilAsync(() => peer.SentData.Length == 65_535);
        peer.Send(Frames.Trailers("grpc-status: 0"));

        Assert.False(await peer.NextAsync());
        await Assert.ThrowsAsync<IOException>(() => write.WaitAsync(DirectPeer.Bound));
    }

    private static async Task<Exception> RequireBrokenAsync(DirectPeer peer)
    {
        Status status = await peer.FailureAsync();
        Assert.Equal(StatusCode.Unavailable, status.StatusCode);
        return Assert.IsType<IOException>(status.DebugException);
    }
}
