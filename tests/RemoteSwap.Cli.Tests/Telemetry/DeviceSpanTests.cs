using System.Diagnostics;
using System.Net.Sockets;
using RemoteSwap.Cli.Tests.Support;
using RemoteSwap.Client;
using RemoteSwap.Client.Tests.Telemetry;
using RemoteSwap.Device;
using RemoteSwap.Nbd;
using Xunit;

namespace RemoteSwap.Cli.Tests.Telemetry;

/// <summary>
/// The way of a guest's request through device and client to a real server, as metrics and spans tell it. Listening is
/// the whole process's matter, so nothing else may run.
/// </summary>
[CollectionDefinition(nameof(DeviceSpanTests), DisableParallelization = true)]
[Collection(nameof(DeviceSpanTests))]
public sealed class DeviceSpanTests(TestServer server) : IDisposable
{
    private const int Page = 4096;
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_guests_request_and_what_the_client_does_for_it_are_one_trace()
    {
        using MeterWatch meters = new();
        using SpanWatch spans = new([NbdTelemetry.SourceName, ClientTelemetry.SourceName]);
        byte[] pages = new byte[3 * Page];
        new Random(2).NextBytes(pages);
        await RunAsync(meters, client =>
        {
            client.WriteAt(0, pages);
            client.WriteAt(8 * Page, pages[..Page]);
            Assert.Equal(pages[..Page], client.ReadAt(0, Page));
            Assert.Equal(pages[Page..(2 * Page)], client.ReadAt(Page, Page));
            Assert.Equal(pages[..512], client.ReadAt(8 * Page, 512));
        });

        Activity[] requests = [.. spans.Of("nbd WRITE"), .. spans.Of("nbd READ")];
        Activity[] calls = [.. spans.Of("remoteswap.client store"), .. spans.Of("remoteswap.client load")];
        Assert.Equal(5, requests.Length);
        Assert.Equal(5, calls.Length);
        Assert.All(calls, call =>
        {
            Activity request = Assert.Single(requests, one => one.SpanId == call.ParentSpanId);
            Assert.Equal(request.TraceId, call.TraceId);
            Assert.Equal(
                request.OperationName == "nbd WRITE", call.OperationName == "remoteswap.client store");
            DateTime end = request.StartTimeUtc + request.Duration;
            Assert.InRange(call.StartTimeUtc, request.StartTimeUtc, end);
            Assert.InRange(call.StartTimeUtc + call.Duration, request.StartTimeUtc, end);
            Assert.InRange(
                call.Events.Last().Timestamp.UtcDateTime, call.StartTimeUtc, call.StartTimeUtc + call.Duration);
            Assert.Equal(["encode", "wire", "reply"], call.Events.Select(one => one.Name));
        });
        Assert.Equal([1, 1, 1, 1, 3], calls.Select(call => (int)call.GetTagItem("remoteswap.pages")!).Order());

        Assert.Equal(2, meters.Count("remoteswap.nbd.request.duration", "command=WRITE", "error=none"));
        Assert.Equal(3, meters.Count("remoteswap.nbd.request.duration", "command=READ", "error=none"));
        Assert.Equal(4, meters.Sum("remoteswap.client.pages", "operation=store", "outcome=stored"));
        Assert.Equal(3, meters.Sum("remoteswap.client.pages", "operation=load", "outcome=loaded"));
        Assert.Equal(4 * Page, meters.Sum("remoteswap.nbd.io", "direction=write"));
        Assert.Equal((2 * Page) + 512, meters.Sum("remoteswap.nbd.io", "direction=read"));
        Assert.Equal(0, meters.Sum("remoteswap.nbd.connection.count"));
        Assert.Equal(0, meters.Sum("remoteswap.nbd.in_flight"));
        Assert.Equal(0, meters.Sum("remoteswap.client.in_flight"));
    }

    [Fact]
    public async Task A_request_that_waits_for_another_one_keeps_its_span()
    {
        using MeterWatch meters = new();
        using SpanWatch spans = new([NbdTelemetry.SourceName, ClientTelemetry.SourceName]);
        const int Clients = 4;
        await RunAsync(meters, _ =>
        {
            // All at the same slot: the gate lets one in at a time.
            Parallel.For(0, Clients, i =>
            {
                using PlainNbd client = PlainNbd.Connect(_folder.File("nbd.sock"));
                byte[] page = new byte[Page];
                new Random(i).NextBytes(page);
                for (int again = 0; again < 20; again++)
                {
                    client.WriteAt(0, page);
                }
            });
        });

        Activity[] calls = spans.Of("remoteswap.client store");
        Assert.Equal(Clients * 20, calls.Length);
        Assert.Equal(
            spans.Of("nbd WRITE").Select(one => one.SpanId.ToHexString()).Order(StringComparer.Ordinal),
            calls.Select(one => one.ParentSpanId.ToHexString()).Order(StringComparer.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private async Task RunAsync(MeterWatch meters, Action<PlainNbd> use)
    {
        await using RemoteSwapConnection connection = RemoteSwapConnection.Open(new RemoteSwapClientOptions
        {
            Address = server.Address,
            Tenant = "export",
            MeterFactory = meters,
        });
        SwapArea area = connection.Area(4);
        await area.InvalidateAllAsync();
        await using NbdServer nbd = new(
            new SwapDevice(area, 1 << 20, isEmpty: true), new NbdServerOptions { MeterFactory = meters });
        nbd.Listen(new UnixDomainSocketEndPoint(_folder.File("nbd.sock")));
        using (PlainNbd client = PlainNbd.Connect(_folder.File("nbd.sock")))
        {
            use(client);
        }

        await meters.AwaitSumAsync(0, "remoteswap.nbd.connection.count");
        await meters.AwaitSumAsync(0, "remoteswap.nbd.in_flight");
        await meters.AwaitSumAsync(0, "remoteswap.client.in_flight");
    }
}
