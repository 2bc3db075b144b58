using System.Diagnostics.Metrics;
using RemoteSwap.Server.Grpc;

namespace RemoteSwap.Server.Telemetry;

/// <summary>
/// Counts messages that were refused unread: nobody's client sends such, so whoever does is broken or means harm. They
/// are counted and not logged, because a log would be one more thing to fill. Thread-safe.
/// </summary>
internal sealed class RefusedMessages
{
    private static readonly (MessageFault Fault, string Name)[] s_names =
    [
        (MessageFault.Malformed, "malformed"),
        (MessageFault.Compressed, "compressed"),
        (MessageFault.TooLarge, "too_large"),
        (MessageFault.WrongLength, "wrong_length"),
    ];

    private readonly long[] _counts = new long[s_names.Length + 1];

    /// <summary>Counts a refusal, if it is one of a message.</summary>
    public void Add(CallRefusal refusal)
    {
        if (refusal.Fault != MessageFault.None)
        {
            Interlocked.Increment(ref _counts[(int)refusal.Fault]);
        }
    }

    /// <summary>All counts, zeroes too.</summary>
    public IEnumerable<Measurement<long>> Measure() => s_names.Select(row => new Measurement<long>(
        Interlocked.Read(ref _counts[(int)row.Fault]),
        new KeyValuePair<string, object?>("reason", row.Name)));
}
