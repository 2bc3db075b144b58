using RemoteSwap.Server.Access;

namespace RemoteSwap.Server.Security;

/// <summary>What shows who a caller is, and may cease to.</summary>
internal interface ICredential
{
    /// <summary>Whom it stands for.</summary>
    Caller Caller { get; }

    /// <summary>Asks whether it counts now.</summary>
    /// <param name="state">What the server knows of credentials now.</param>
    /// <param name="now">The time.</param>
    /// <returns>Why not; null: it does.</returns>
    AccessDenial? Check(SecurityState state, DateTimeOffset now);
}
