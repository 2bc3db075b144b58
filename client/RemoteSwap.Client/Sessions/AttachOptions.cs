namespace RemoteSwap.Client;

/// <summary>How to attach to an area.</summary>
public sealed record AttachOptions
{
    /// <summary>How. Default: only where nobody owns the area.</summary>
    public AttachMode Mode { get; init; } = AttachMode.Exclusive;

    /// <summary>
    /// Who attaches, for the operator of the server to read: at most 128 characters. Default: user and machine.
    /// </summary>
    public string Holder { get; init; } = $"{Environment.UserName}@{Environment.MachineName} ({Environment.ProcessId})";

    /// <summary>The session to resume.</summary>
    public SessionTicket? Ticket { get; init; }

    /// <summary>
    /// Not when resuming: the server's incarnation in which the pages were stored that are expected here, from the
    /// ticket of who stored them; 0: not known. If the server was started anew since, slots of which it knows nothing
    /// are lost then, and not empty.
    /// </summary>
    public ulong PagesOfIncarnation { get; init; }

    /// <summary>
    /// Called with the session's ticket: when it begins, and whenever the ticket changes because the server was started
    /// anew. From any thread; nothing is sent to the server before it returns. An I/O error that it throws is lost, and
    /// then the old ticket is what another process has.
    /// </summary>
    public Action<SessionTicket>? TicketChanged { get; init; }

    /// <summary>Drop the pages that are there. Default: they stay. Not when resuming.</summary>
    public bool DiscardsPages { get; init; }

    /// <summary>
    /// A file for pages that the server has no memory for: it hands them to this client, and forgets them when they are
    /// in the file. Default: none, and the server keeps them, or spills them to its own disk, or refuses new ones.
    /// Opened by the attach; an <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> means that it
    /// can not be had.
    /// </summary>
    public EvictionTarget? EvictTo { get; init; }

    internal void Validate()
    {
        EvictTo?.Validate();
        if (Mode is not (AttachMode.Exclusive or AttachMode.TakeOver or AttachMode.Resume))
        {
            throw new ArgumentException($"There is no attach mode {Mode}.");
        }

        if (Mode == AttachMode.Resume != (Ticket is not null))
        {
            throw new ArgumentException($"{Mode} {(Ticket is null ? "needs a" : "takes no")} {nameof(Ticket)}.");
        }

        if (Mode == AttachMode.Resume && DiscardsPages)
        {
            throw new ArgumentException("A session that is resumed keeps its pages.");
        }
    }
}
