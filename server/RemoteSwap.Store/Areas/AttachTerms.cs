namespace RemoteSwap.Store;

/// <summary>What an attach asks for.</summary>
public sealed record AttachTerms
{
    /// <summary>How.</summary>
    public required AttachMode Mode { get; init; }

    /// <summary>Who attaches, for a person.</summary>
    public string Holder { get; init; } = string.Empty;

    /// <summary>To resume: the session's epoch.</summary>
    public AttachEpoch Epoch { get; init; }

    /// <summary>What proves the session, chosen by the client.</summary>
    public required SessionToken Token { get; init; }

    /// <summary>To resume: tells this attach, with its repetitions, from others.</summary>
    public SessionToken Attempt { get; init; }

    /// <summary>The incarnation in which the pages were stored that are expected; 0: not known.</summary>
    public Incarnation Incarnation { get; init; }

    /// <summary>Whether pages that are there are dropped; not when resuming.</summary>
    public bool DiscardsPages { get; init; }
}
