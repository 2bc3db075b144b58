using System.Diagnostics;
using System.Diagnostics.Metrics;
using RemoteSwap.Nbd.Transmission;
using RemoteSwap.Nbd.Wire;

namespace RemoteSwap.Nbd.Telemetry;

/// <summary>
/// The measurements and spans of one export, which its name is a part of. Any thread may call; there are no locks.
/// </summary>
internal sealed class ExportMeasures(NbdMeter meter, string exportName, double tracedShare)
{
    private static readonly ActivitySource s_source = new(NbdTelemetry.SourceName);

    private readonly KeyValuePair<string, object?> _export = new("export", exportName);

    /// <summary>Now, as a timestamp; 0: nobody measures time.</summary>
    public long Now() => meter.Duration.Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <summary>A client has connected.</summary>
    /// <returns>Whether it was counted, so that its end has to be.</returns>
    public bool Connects() => Enters(meter.Connections);

    /// <summary>A client that was counted has gone.</summary>
    public void Disconnects() => meter.Connections.Add(-1, _export);

    /// <summary>A request has begun.</summary>
    /// <returns>Whether it was counted, so that its end has to be.</returns>
    public bool Begins() => Enters(meter.InFlight);

    /// <summary>The reply of a request that was counted has been sent, or never will be.</summary>
    public void Ends() => meter.InFlight.Add(-1, _export);

    /// <summary>A request is answered.</summary>
    /// <param name="header">The request.</param>
    /// <param name="error">How it ended.</param>
    /// <param name="began">What <see cref="Now"/> was at its begin.</param>
    public void Answered(in RequestHeader header, NbdError error, long began)
    {
        if (began != 0)
        {
            meter.Duration.Record(
                Stopwatch.GetElapsedTime(began).TotalSeconds,
                _export,
                RequestTags.Of(header.Command),
                RequestTags.Of(error));
        }

        if (error == NbdError.None && header.Command is NbdCommand.Read or NbdCommand.Write)
        {
            meter.Bytes.Add(
                header.Length, _export, header.Command == NbdCommand.Read ? RequestTags.Read : RequestTags.Write);
        }
    }

    /// <summary>Starts the span of a request, which does not become the current one.</summary>
    /// <returns>The span; null: nobody wants it.</returns>
    public Activity? StartSpan(in RequestHeader header)
    {
        if (!s_source.HasListeners() || (tracedShare < 1 && Random.Shared.NextDouble() >= tracedShare))
        {
            return null;
        }

        // Requests are the roots of their traces, whatever the thread has been doing.
        Activity? outer = Activity.Current;
        Activity.Current = null;
        Activity? span = s_source.StartActivity(RequestTags.SpanOf(header.Command));
        Activity.Current = outer;
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag("remoteswap.nbd.export", _export.Value);
            span.SetTag("remoteswap.nbd.offset", (long)header.Offset);
            span.SetTag("remoteswap.nbd.length", (long)header.Length);
        }

        return span;
    }

    private bool Enters(UpDownCounter<long> count)
    {
        if (!count.Enabled)
        {
            return false;
        }

        count.Add(1, _export);
        return true;
    }
}
