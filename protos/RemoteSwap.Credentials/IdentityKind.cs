namespace RemoteSwap.Credentials;

/// <summary>What somebody may do.</summary>
public enum IdentityKind
{
    /// <summary>Whatever one tenant may, and nothing else.</summary>
    Tenant = 1,

    /// <summary>Whatever there is.</summary>
    Admin = 2,
}
