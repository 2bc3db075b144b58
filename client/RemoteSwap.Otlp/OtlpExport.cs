using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace RemoteSwap.Otlp;

/// <summary>
/// Sends the metrics, spans and log lines of this process to a collector by OTLP, as the standard OTEL_ variables of
/// the environment say. Where they name no collector nothing of it is made, and no span ever is.
/// <para>
/// One trace in a hundred is sent unless OTEL_TRACES_SAMPLER says otherwise; who begins the trace decides. A program
/// that begins many may begin only <see cref="TracedShare"/> of them, which is cheaper than to have them dropped here.
/// </para>
/// <para>
/// What it is not: a part of what the program does. What can not be sent is dropped, in bounded memory, and the end of
/// the program waits for it for <see cref="FlushTime"/> at most.
/// </para>
/// </summary>
public sealed class OtlpExport : IAsyncDisposable
{
    /// <summary>How long the end of the program waits for what is not sent yet.</summary>
    public static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(3);

    private const string SamplerVariable = "OTEL_TRACES_SAMPLER";
    private const string ExemplarVariable = "OTEL_METRICS_EXEMPLAR_FILTER";
    private const double SampledShare = 0.01;

    // Not generated, which would take a partial type.
    private static readonly Action<ILogger, string, Exception?> s_line =
        LoggerMessage.Define<string>(LogLevel.Warning, new EventId(1, "Line"), "{Line}");

    private readonly OpenTelemetrySdk _sdk;
    private readonly ILogger _logger;

    private OtlpExport(OpenTelemetrySdk sdk, string service, double tracedShare)
    {
        _sdk = sdk;
        TracedShare = tracedShare;
        _logger = sdk.GetLoggerFactory().CreateLogger(service);
    }

    /// <summary>The share of its traces that a program has to begin, if it drops the others itself.</summary>
    public double TracedShare { get; }

    /// <summary>Begins to send, if the environment names a collector.</summary>
    /// <param name="service">What the process is, unless OTEL_SERVICE_NAME says otherwise.</param>
    /// <param name="version">Its version.</param>
    /// <param name="meters">Names of the meters that are sent.</param>
    /// <param name="sources">Names of the sources of spans that are sent.</param>
    /// <param name="dropsItself">Whether the program begins no more than <see cref="TracedShare"/>.</param>
    /// <param name="variable">Reads a variable of this process's environment.</param>
    /// <returns>What ends it; null: there is no collector.</returns>
    public static OtlpExport? TryStart(
        string service,
        string version,
        string[] meters,
        string[] sources,
        bool dropsItself,
        Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return CollectorVariables.AreSet(variable)
            ? Start(service, version, meters, sources, dropsItself, name => !string.IsNullOrEmpty(variable(name)))
            : null;
    }

    /// <summary>Sends a line of the program's log.</summary>
    public void Log(string line) => s_line(_logger, line, null);

    /// <summary>Sends what is left, as far as that goes in time, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        int milliseconds = (int)FlushTime.TotalMilliseconds;
        try
        {
            await Task.WhenAll(
                Task.Run(() => _sdk.MeterProvider.Shutdown(milliseconds)),
                Task.Run(() => _sdk.TracerProvider.Shutdown(milliseconds)),
                Task.Run(() => _sdk.LoggerProvider.Shutdown(milliseconds)))
                .WaitAsync(FlushTime).ConfigureAwait(false);
            _sdk.Dispose();
        }
        catch (TimeoutException)
        {
            // The process ends, and its threads that still try with it.
        }
    }

    // Of its own, so that it is compiled, and what it needs loaded, only where it runs.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static OtlpExport Start(
        string service,
        string version,
        string[] meters,
        string[] sources,
        bool dropsItself,
        Func<string, bool> isSet)
    {
        // Where the environment has a sampler it decides about all of them.
        double tracedShare = isSet(SamplerVariable) ? 1 : SampledShare;
        double sampledShare = dropsItself ? 1 : SampledShare;
        OpenTelemetrySdk sdk = OpenTelemetrySdk.Create(builder => builder
            .ConfigureResource(resource => resource
                .AddService(service, serviceVersion: version)
                .AddEnvironmentVariableDetector())
            .WithMetrics(metrics => AddMetrics(metrics, meters, isSet(ExemplarVariable)))
            .WithTracing(tracing => AddTracing(tracing, sources, isSet(SamplerVariable) ? null : sampledShare))
            .WithLogging()
            .UseOtlpExporter());
        return new OtlpExport(sdk, service, tracedShare);
    }

    private static void AddMetrics(MeterProviderBuilder metrics, string[] meters, bool hasFilter)
    {
        metrics.AddMeter(meters);
        if (!hasFilter)
        {
            // A latency refers to a trace that was sent, where there is one.
            metrics.SetExemplarFilter(ExemplarFilterType.TraceBased);
        }
    }

    private static void AddTracing(TracerProviderBuilder tracing, string[] sources, double? share)
    {
        tracing.AddSource(sources);
        if (share is { } sampled)
        {
            tracing.SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(sampled)));
        }
    }
}
