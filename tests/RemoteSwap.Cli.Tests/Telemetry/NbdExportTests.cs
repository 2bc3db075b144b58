using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using RemoteSwap.Cli.App;
using RemoteSwap.Cli.Tests.Support;
using RemoteSwap.Otlp;
using Xunit;

namespace RemoteSwap.Cli.Tests.Telemetry;

/// <summary>
/// A device sends its metrics, spans and log lines to the collector that its environment names; what was not sent
/// before goes at its end, and a collector that does not answer does not hold that up.
/// </summary>
public sealed class NbdExportTests(TestServer server) : IDisposable
{
    private const int Page = 4096;
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("http/protobuf", "5")]
    [InlineData("grpc", "6")]
    public async Task What_a_device_measures_is_sent_at_its_end(string protocol, string area)
    {
        await using OtlpCollector collector = await OtlpCollector.StartAsync(isGrpc: protocol == "grpc");
        using (Process device = Start(area, collector.Address, protocol, ("OTEL_TRACES_SAMPLER", "always_on")))
        {
            await UseAsync(device);
            await EndAsync(device);
        }

        string metrics = collector.Of("metrics");
        Assert.Contains("remoteswap-nbd", metrics, StringComparison.Ordinal);
        Assert.Contains("remoteswap.nbd.request.duration", metrics, StringComparison.Ordinal);
        Assert.Contains("remoteswap.nbd.connection.count", metrics, StringComparison.Ordinal);
        Assert.Contains("remoteswap.client.operation.duration", metrics, StringComparison.Ordinal);
        Assert.Contains("EINVAL", metrics, StringComparison.Ordinal);
        string traces = collector.Of("traces");
        Assert.Contains("nbd WRITE", traces, StringComparison.Ordinal);
        Assert.Contains("remoteswap.client store", traces, StringComparison.Ordinal);
        Assert.Contains("nbd READ", traces, StringComparison.Ordinal);
        Assert.Contains("remoteswap.client load", traces, StringComparison.Ordinal);
        Assert.Contains("failed with Invalid", collector.Of("logs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sampler_that_takes_nothing_is_respected()
    {
        await using OtlpCollector collector = await OtlpCollector.StartAsync(isGrpc: false);
        using (Process device = Start("7", collector.Address, "http/protobuf", ("OTEL_TRACES_SAMPLER", "always_off")))
        {
            await UseAsync(device);
            await EndAsync(device);
        }

        Assert.Contains("remoteswap.nbd.io", collector.Of("metrics"), StringComparison.Ordinal);
        Assert.Empty(collector.Of("traces"));
    }

    [Fact]
    public async Task A_collector_that_never_answers_does_not_hold_up_the_end()
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using Process device = Start("8", $"http://{silent.LocalEndpoint}", "http/protobuf");

        await UseAsync(device);
        await EndAsync(device);
    }

    [Fact]
    public void Without_a_collector_nothing_is_made() =>
        Assert.Null(OtlpExport.TryStart("x", "1", [], [], dropsItself: false, static _ => ""));

    public void Dispose() => _folder.Dispose();

    // Nothing is sent before the end.
    private Process Start(
        string area, string collector, string protocol, params (string Name, string Value)[] more) => ToolProcess.Start(
        server.Of("export"),
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
            ("OTEL_METRIC_EXPORT_INTERVAL", "600000"), ("OTEL_BSP_SCHEDULE_DELAY", "600000"),
            ("OTEL_BLRP_SCHEDULE_DELAY", "600000"), .. more,
        ],
        ["nbd", "--size", "8MiB", "--unix", _folder.File("nbd.sock"), "--area", area, "--detach"]);

    private async Task UseAsync(Process device)
    {
        string? uri = await device.StandardOutput.ReadLineAsync();
        Assert.True(uri is not null, uri ?? await device.StandardError.ReadToEndAsync());
        byte[] page = new byte[Page];
        new Random(1).NextBytes(page);
        using PlainNbd client = PlainNbd.Connect(_folder.File("nbd.sock"));
        client.WriteAt(3 * Page, page);
        Assert.Equal(page, client.ReadAt(3 * Page, Page));
        Assert.NotEqual(0, client.ErrorAt(1, Page));
    }

    private static async Task EndAsync(Process device)
    {
        using Process kill = Process.Start("kill", ["-TERM", device.Id.ToString(CultureInfo.InvariantCulture)]);
        (await ToolProcess.EndAsync(device)).Expect(ExitCode.Ok);
    }
}
