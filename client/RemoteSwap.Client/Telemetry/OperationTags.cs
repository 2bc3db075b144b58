using RemoteSwap.Client.Messages;

namespace RemoteSwap.Client.Telemetry;

/// <summary>
/// What an operation and its outcomes are called in metrics and spans; made once, since a measurement must make no
/// garbage. Outcomes of pages have the names of the wire contract, in small letters.
/// </summary>
internal sealed class OperationTags
{
    /// <summary>The outcome of a batch whose pages have several.</summary>
    public const string Mixed = "mixed";

    /// <summary>The outcome of a request whose callers had all gone.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The outcome of a request without a reply in time.</summary>
    public const string DeadlineExceeded = "deadline_exceeded";

    /// <summary>The outcome of a request that the server could not be reached for, after all attempts.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>The outcome of a request that the server refused as a whole.</summary>
    public const string Refused = "refused";

    /// <summary>The outcome of a request whose reply broke the wire contract.</summary>
    public const string Protocol = "protocol";

    /// <summary>The outcome of a page whose caller's memory could not be written.</summary>
    public const string Failed = "failed";

    private const string OutcomeKey = "outcome";

    private static readonly OperationTags s_store = new(
        "store",
        "stored",
        "same_filled",
        "stale",
        "tenant_limit",
        "pool_limit",
        "compress_poor",
        "alloc_fail",
        "metadata_fail",
        "disabled",
        "draining",
        "batch_aborted",
        "invariant",
        "fenced",
        "page_quota");

    private static readonly OperationTags s_load =
        new("load", "loaded", "not_found", "corrupt", "io_error", "invariant", "fenced", "lost");

    private static readonly OperationTags s_invalidate =
        new("invalidate", "invalidated", "not_found", "stale", "invariant", "fenced");

    private static readonly OperationTags s_ping = new("ping", "answered");

    private readonly KeyValuePair<string, object?>[] _outcomes =
        new KeyValuePair<string, object?>[OutcomeCounts.Length];

    private OperationTags(string operation, params ReadOnlySpan<string> outcomes)
    {
        SpanName = $"remoteswap.client {operation}";
        Operation = new KeyValuePair<string, object?>("operation", operation);
        Array.Fill(_outcomes, OfOutcome("none"));
        for (int i = 0; i < outcomes.Length; i++)
        {
            _outcomes[i + 1] = OfOutcome(outcomes[i]);
        }

        _outcomes[OutcomeCounts.Cancelled] = OfOutcome(Cancelled);
        _outcomes[OutcomeCounts.Failed] = OfOutcome(Failed);
    }

    /// <summary>The name of its spans.</summary>
    public string SpanName { get; }

    /// <summary>The tag of the operation.</summary>
    public KeyValuePair<string, object?> Operation { get; }

    /// <summary>The tag of several outcomes.</summary>
    public static KeyValuePair<string, object?> OfSeveral { get; } = OfOutcome(Mixed);

    /// <summary>The tags of an operation.</summary>
    public static OperationTags Of(OperationKind kind) => kind switch
    {
        OperationKind.Store => s_store,
        OperationKind.Load => s_load,
        OperationKind.Invalidate => s_invalidate,
        _ => s_ping,
    };

    /// <summary>The tag of an outcome that is no page's.</summary>
    public static KeyValuePair<string, object?> OfOutcome(string name) => new(OutcomeKey, name);

    /// <summary>The tag of the outcome of pages.</summary>
    public KeyValuePair<string, object?> OfPages(int outcome) => _outcomes[outcome];
}
