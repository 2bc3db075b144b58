using System.Diagnostics;
using RemoteSwap.Client.Tests.Telemetry;
using RemoteSwap.Nbd.Tests.Support;

namespace RemoteSwap.Nbd.Tests.Telemetry;

/// <summary>The spans of requests. Listening is the whole process's matter, so nothing else may run.</summary>
[CollectionDefinition(nameof(NbdSpanTests), DisableParallelization = true)]
[Collection(nameof(NbdSpanTests))]
public sealed class NbdSpanTests
{
    [Fact]
    public async Task A_request_is_the_root_of_a_trace_and_current_in_the_device_for_as_long_as_it_works()
    {
        using SpanWatch spans = new([NbdTelemetry.SourceName]);
        await using TestServer server = new(new NbdServerOptions { ExportName = "vm7" });
        List<(Activity? Before, Activity? After)> seen = [];
        server.Device.Before = async (_, _) =>
        {
            Activity? before = Activity.Current;
            await Task.Delay(1);
            seen.Add((before, Activity.Current));
            return seen.Count == 1 ? NbdResult.Success : new NbdResult(NbdError.InputOutput, "lost");
        };
        await using (WireClient client = await server.GoAsync())
        {
            Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Read, 8192, 4096, dataBytes: 4096));
            Assert.Equal(Err.Io, await client.ErrorOfAsync(Cmd.Write, 0, 512, payload: new byte[512]));
            Assert.Equal(Err.Inval, await client.ErrorOfAsync(Cmd.Trim, 1, 1));
        }

        Activity read = Assert.Single(spans.Of("nbd READ"));
        Assert.Equal("vm7", read.GetTagItem("remoteswap.nbd.export"));
        Assert.Equal(8192L, read.GetTagItem("remoteswap.nbd.offset"));
        Assert.Equal(4096L, read.GetTagItem("remoteswap.nbd.length"));
        Assert.Equal(ActivityStatusCode.Unset, read.Status);
        Activity write = Assert.Single(spans.Of("nbd WRITE"));
        Assert.Equal(ActivityStatusCode.Error, write.Status);
        Assert.Equal("EIO", write.GetTagItem("error.type"));
        Activity trim = Assert.Single(spans.Of("nbd TRIM"));
        Assert.Equal("EINVAL", trim.GetTagItem("error.type"));
        Assert.Equal([(read, read), (write, write)], seen);
        Assert.All([read, write, trim], span => Assert.Null(span.Parent));
        Assert.Equal(3, new[] { read, write, trim }.Select(span => span.TraceId).Distinct().Count());
    }

    [Fact]
    public async Task Only_the_share_that_is_asked_for_is_traced()
    {
        const int Requests = 2000;
        using SpanWatch spans = new([NbdTelemetry.SourceName]);
        await using TestServer server = new(new NbdServerOptions { TracedShare = 0.25 });
        await using WireClient client = await server.GoAsync();
        for (int i = 0; i < Requests; i++)
        {
            Assert.Equal(0u, await client.ErrorOfAsync(Cmd.Read, 0, 512, dataBytes: 512));
        }

        // Six standard deviations to either side.
        Assert.InRange(spans.Of("nbd READ").Length, 384, 616);
    }

    [Fact]
    public async Task A_request_that_is_cut_off_is_a_span_that_says_so()
    {
        using SpanWatch spans = new([NbdTelemetry.SourceName]);
        await using TestServer server = new() { MayThrow = true };
        server.Device.Before = (_, _) => throw new InvalidOperationException("broken");
        await using WireClient client = await server.GoAsync();

        await client.SendAsync(Cmd.Read, 0, 4096);
        await client.AssertEndAsync();

        await TestServer.EventuallyAsync(() => !spans.Ended.IsEmpty, "the span ends");
        Activity span = Assert.Single(spans.Of("nbd READ"));
        Assert.Equal(ActivityStatusCode.Error, span.Status);
    }
}
