namespace RemoteSwap.Client;

/// <summary>How to attach to an area. Numbers are those of the wire contract.</summary>
public enum AttachMode
{
    /// <summary>Not said.</summary>
    None = 0,

    /// <summary>Only where nobody owns the area.</summary>
    Exclusive = 1,

    /// <summary>Whoever owns it: the pages stay, and the former owner can do nothing any more.</summary>
    TakeOver = 2,

    /// <summary>Goes on with a session that <see cref="AttachOptions.Ticket"/> names.</summary>
    Resume = 3,
}
