using System.Diagnostics;
using System.Runtime.InteropServices;
using RemoteSwap.Cli.Tests.Telemetry;
using RemoteSwap.LoadGen.Options;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.EndToEnd;

/// <summary>The program as a process sends what it measures to the collector that its environment names.</summary>
public sealed class ExportTests
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task What_a_run_measures_is_sent_at_its_end()
    {
        await using OtlpCollector collector = await OtlpCollector.StartAsync(isGrpc: false);
        ProcessStartInfo start = new()
        {
            FileName = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet")),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string part in (IEnumerable<string>)
            [
                "exec", Path.Combine(AppContext.BaseDirectory, "remoteswap-loadgen.dll"), "--data", "1MiB",
                "--duration", "100ms", "--source", "synthetic:3", "--quiet", "--json",
            ])
        {
            start.ArgumentList.Add(part);
        }

        start.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address;
        start.Environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        start.Environment["OTEL_METRIC_EXPORT_INTERVAL"] = "600000";
        start.Environment["OTEL_TRACES_SAMPLER"] = "always_on";
        using Process process = Process.Start(start)!;
        using CancellationTokenSource late = new(s_longest);
        Task<string> output = process.StandardOutput.ReadToEndAsync(late.Token);
        string error = await process.StandardError.ReadToEndAsync(late.Token);
        await process.WaitForExitAsync(late.Token);

        Assert.True(process.ExitCode == ExitCode.Ok, await output + error);
        string metrics = collector.Of("metrics");
        Assert.Contains("remoteswap-loadgen", metrics, StringComparison.Ordinal);
        Assert.Contains("remoteswap.loadgen.operation.duration", metrics, StringComparison.Ordinal);
        Assert.Contains("remoteswap.client.batch.size", metrics, StringComparison.Ordinal);
        Assert.Contains("remoteswap.client store", collector.Of("traces"), StringComparison.Ordinal);
    }
}
