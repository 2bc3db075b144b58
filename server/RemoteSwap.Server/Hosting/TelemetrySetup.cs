using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using RemoteSwap.Server.Grpc.Flow;
using RemoteSwap.Server.Options;
using RemoteSwap.Server.Telemetry;

namespace RemoteSwap.Server.Hosting;

/// <summary>
/// Puts metrics, traces and logs together. Metrics go to whoever scrapes the management port; with an OTLP endpoint in
/// the environment all three go there, by gRPC or HTTP, as the standard variables say.
/// </summary>
internal static class TelemetrySetup
{
    private const string AspNetCoreSource = "Microsoft.AspNetCore";
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string OwnSampler = "OTEL_TRACES_SAMPLER";
    private const string Product = "RemoteSwap";

    /// <summary>Adds everything to a server.</summary>
    public static void Add(WebApplicationBuilder builder, ValidSettings settings, ByteGate window)
    {
        TelemetryOptions options = settings.Telemetry;
        bool exports = !string.IsNullOrEmpty(builder.Configuration[OtlpEndpoint]);
        bool samplesItself = !string.IsNullOrEmpty(builder.Configuration[OwnSampler]);
        AddMeters(builder.Services, settings, window, samplesItself ? 1 : options.TraceRatio);
        OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(
                resource => resource.AddService("remoteswap-server", serviceVersion: ProductVersion.Text))
            .WithMetrics(metrics => AddMetrics(metrics, settings));
        if (exports)
        {
            // Spans are made only where somebody takes them. ASP.NET's span of the request has to be sampled too: ours
            // is its child, and a child follows its parent.
            telemetry.WithTracing(tracing =>
            {
                tracing.AddSource(AspNetCoreSource, RequestSpans.SourceName);
                if (!samplesItself)
                {
                    tracing.SetSampler(new ParentBasedSampler(new RequestSampler(options.TraceRatio)));
                }
            })
                .WithLogging()
                .UseOtlpExporter();

            // On the console only what somebody should look at; for a collector also what the server did.
            builder.Logging.AddFilter<OpenTelemetryLoggerProvider>(
                (category, level) => level >= LogLevel.Warning
                    || (level == LogLevel.Information
                        && category?.StartsWith(Product, StringComparison.Ordinal) == true));
        }
    }

    private static void AddMeters(
        IServiceCollection services, ValidSettings settings, ByteGate window, double traceRatio)
    {
        services.AddSingleton(new TenantLabels(
            settings.Telemetry.TenantTag,
            settings.Telemetry.TopTenants,
            TelemetryOptions.MaxTopTenants,
            settings.Tenants.Keys));
        services.AddSingleton(provider => new ServerMeter(
            provider.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(),
            provider.GetRequiredService<TenantLabels>(),
            window,
            traceRatio));
        services.AddSingleton<StoreMeter>();
        services.AddSingleton<WritebackMeter>();
    }

    private static void AddMetrics(MeterProviderBuilder metrics, ValidSettings settings)
    {
        metrics.AddMeter(
            StoreMeter.MeterName,
            ServerMeter.MeterName,
            "System.Runtime",
            "Microsoft.AspNetCore.Hosting",
            "Microsoft.AspNetCore.Server.Kestrel");
        metrics.SetExemplarFilter(
            settings.Telemetry.Exemplars ? ExemplarFilterType.TraceBased : ExemplarFilterType.AlwaysOff);
        if (settings.Telemetry.ExponentialHistograms)
        {
            metrics.AddView(
                instrument => instrument.Meter.Name.StartsWith(Product, StringComparison.Ordinal)
                    && instrument is System.Diagnostics.Metrics.Histogram<double>
                    ? new Base2ExponentialBucketHistogramConfiguration()
                    : null);
        }

        if (settings is { Prometheus: true, Management: not null })
        {
            metrics.AddPrometheusExporter();
        }
    }
}
