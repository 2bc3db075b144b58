using System.Diagnostics;
using RemoteSwap.Client.Messages;

namespace RemoteSwap.Client.Telemetry;

/// <summary>
/// The span of one request, while somebody listens. What it needs of the callers is noted when they begin; the span
/// itself is made when the request is sent, outside all locks, with the time at which the request began.
/// <para>
/// Where several calls travel in one request the span has one parent: the first call whose span is recorded, else the
/// first. Others that are recorded are linked, up to <see cref="MostLinks"/>. So a sampled call's trace always has the
/// request in it.
/// </para>
/// <para>
/// It ends when the reply is there, as the measurement of its time does. What is done with the reply is the callers'
/// time: their spans may end before the last page of a batch is unpacked.
/// </para>
/// </summary>
internal sealed class RequestSpan
{
    /// <summary>The most links of a span.</summary>
    public const int MostLinks = 16;

    private static readonly ActivitySource s_source = new(ClientTelemetry.SourceName);

    private readonly List<ActivityLink> _links = [];
    private AreaName _name = null!;
    private ActivityContext _parent;
    private DateTimeOffset _began;
    private DateTimeOffset _encoded;
    private DateTimeOffset _replied;
    private bool _isStarted;

    /// <summary>Whether there is anybody to take spans.</summary>
    public static bool HasListeners => s_source.HasListeners();

    /// <summary>The span; null: it was not started, or is not sampled.</summary>
    public Activity? Activity { get; private set; }

    /// <summary>A request begins.</summary>
    public void Begin(AreaName name)
    {
        _name = name;
        _links.Clear();
        _parent = default;
        _began = DateTimeOffset.UtcNow;
        _encoded = default;
        _replied = default;
        _isStarted = false;
        Activity = null;
    }

    /// <summary>Takes the current span of a caller.</summary>
    public void Join()
    {
        if (Activity.Current is not { IdFormat: ActivityIdFormat.W3C } caller)
        {
            return;
        }

        ActivityContext context = caller.Context;
        if (_parent == default)
        {
            _parent = context;
        }
        else if (caller.Recorded && context != _parent)
        {
            JoinRecorded(context);
        }
    }

    /// <summary>The message is complete.</summary>
    public void Encoded() => _encoded = DateTimeOffset.UtcNow;

    /// <summary>Starts the span, unless it was.</summary>
    public void Start(string name, int pages)
    {
        if (_isStarted)
        {
            return;
        }

        _isStarted = true;

        // Who sends may be another one's thread, with a span of its own, which is neither parent nor to be replaced.
        Activity? outer = Activity.Current;
        Activity.Current = null;
        Activity? activity = s_source.StartActivity(
            name, ActivityKind.Client, _parent, tags: null, _links.Count > 0 ? _links : null, _began);
        Activity.Current = outer;
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag("remoteswap.pages", pages);
            activity.SetTag("remoteswap.tenant", _name.Tenant);
            activity.SetTag("remoteswap.area", (long)_name.Area);
            activity.AddEvent(new ActivityEvent("encode", _encoded));
        }

        Activity = activity;
    }

    /// <summary>The bytes are the transport's.</summary>
    public void Wired() => Activity?.AddEvent(new ActivityEvent("wire"));

    /// <summary>The reply is here.</summary>
    public void Replied()
    {
        _replied = DateTimeOffset.UtcNow;
        Activity?.AddEvent(new ActivityEvent("reply", _replied));
    }

    /// <summary>Ends the span.</summary>
    /// <param name="outcome">The outcome's tag.</param>
    /// <param name="failure">Why the request failed; null: it was answered.</param>
    public void End(KeyValuePair<string, object?> outcome, string? failure)
    {
        Activity? activity = Activity;
        Activity = null;
        _name = null!;
        if (activity is null)
        {
            return;
        }

        activity.SetTag("remoteswap.outcome", outcome.Value);
        if (failure is not null)
        {
            activity.SetTag("error.type", failure);
            activity.SetStatus(ActivityStatusCode.Error, failure);
        }

        if (_replied != default)
        {
            activity.SetEndTime(_replied.UtcDateTime);
        }

        // Its end makes another span current on this thread, which is the receiver's.
        Activity? outer = Activity.Current;
        activity.Stop();
        Activity.Current = outer;
    }

    // A parent that is not recorded gives way: nobody will ever see it.
    private void JoinRecorded(ActivityContext context)
    {
        if ((_parent.TraceFlags & ActivityTraceFlags.Recorded) == ActivityTraceFlags.None)
        {
            _parent = context;
        }
        else if (_links.Count < MostLinks && !(_links.Count > 0 && _links[^1].Context == context))
        {
            _links.Add(new ActivityLink(context));
        }
    }
}
