namespace RemoteSwap.Client;

/// <summary>Why a call failed as a whole.</summary>
public enum RemoteSwapError
{
    /// <summary>
    /// The server did not answer, after all attempts. Stored pages may be there still; repeat the call later.
    /// </summary>
    Unavailable = 1,

    /// <summary>The call took longer than its deadline. Whether it had an effect is unknown.</summary>
    DeadlineExceeded = 2,

    /// <summary>
    /// The server, or the closing of this connection, ended the call. Whether it had an effect is unknown.
    /// </summary>
    Cancelled = 3,

    /// <summary>The server found the request malformed or out of range; it changed nothing.</summary>
    InvalidRequest = 4,

    /// <summary>The tenant or the area does not exist on the server.</summary>
    NotFound = 5,

    /// <summary>The server knows who this client is, and does not let it act for the tenant.</summary>
    PermissionDenied = 6,

    /// <summary>
    /// The server's answer breaks the wire contract, or the server does not speak it. Nothing of it was used.
    /// </summary>
    Protocol = 7,

    /// <summary>The server failed, or refused for a reason that has no name here.</summary>
    Server = 8,

    /// <summary>Somebody else owns the area, or nobody does any more.</summary>
    Fenced = 9,

    /// <summary>
    /// One end could not show who it is: the server does not know this client's certificate or token, or it has
    /// expired; or the server's certificate did not verify, and nothing was sent. Trying again is of no use before
    /// somebody has changed something.
    /// </summary>
    Unauthenticated = 10,

    /// <summary>
    /// The tenant is over one of its quotas, which the message names with what it has and what was asked for. Nothing
    /// was done.
    /// </summary>
    Quota = 11,
}
