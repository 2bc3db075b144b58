namespace RemoteSwap.Server.Access;

/// <summary>What kind of caller there is; which of them may call what is the table's matter, not this one's.</summary>
internal enum CallerKind
{
    /// <summary>No credential, or none that counts: may do nothing on a server that knows identities.</summary>
    Nobody = 0,

    /// <summary>Whoever comes to a server that knows no identities, or to an endpoint that is open to all.</summary>
    Anybody,

    /// <summary>One tenant: its own pages, and nothing of others.</summary>
    Tenant,

    /// <summary>An administrator: the server and its figures; no pages.</summary>
    Admin,
}
