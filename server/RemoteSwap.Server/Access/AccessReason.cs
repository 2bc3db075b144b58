namespace RemoteSwap.Server.Access;

/// <summary>Why a call may not be made. Which status each has is in <see cref="AccessReasons"/>.</summary>
internal enum AccessReason
{
    /// <summary>It may.</summary>
    None = 0,

    /// <summary>No credential came with it.</summary>
    NoCredential,

    /// <summary>The credential is none that this server knows.</summary>
    UnknownCredential,

    /// <summary>The credential was one, and its time is over.</summary>
    ExpiredCredential,

    /// <summary>The caller is known; this method is not for its kind.</summary>
    NotAllowed,

    /// <summary>The caller is a tenant and asked for what is another's.</summary>
    WrongTenant,
}
