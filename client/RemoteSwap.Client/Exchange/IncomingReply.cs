using RemoteSwap.Client.Requests;

namespace RemoteSwap.Client.Exchange;

/// <summary>
/// What became of a message that the server sent: it was dealt with where the transport had it, and this is what the
/// lane still has to see to. One for each lane, used for every message.
/// </summary>
internal sealed class IncomingReply
{
    /// <summary>A request that was answered, if one was.</summary>
    public OutgoingRequest? Answered { get; set; }

    /// <summary>
    /// The server answered <see cref="Answered"/> before it was sent, so it is not certain who still uses it.
    /// </summary>
    public bool IsPremature { get; set; }

    /// <summary>Why the stream can not go on; null: it can.</summary>
    public string? Violation { get; set; }

    /// <summary>The window, in the first message of a stream.</summary>
    public (uint MaxRequests, ulong MaxBytes, ulong Incarnation)? Welcome { get; set; }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Answered = null;
        IsPremature = false;
        Violation = null;
        Welcome = null;
    }
}
