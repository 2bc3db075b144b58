namespace RemoteSwap.Server.Security;

/// <summary>Who may call a method.</summary>
internal enum AccessRule
{
    /// <summary>Nobody: the method is not in the table.</summary>
    None = 0,

    /// <summary>Whoever reaches the port, also without a credential.</summary>
    Anybody,

    /// <summary>Whoever has a credential that counts.</summary>
    Known,

    /// <summary>Tenants, for themselves.</summary>
    Tenant,

    /// <summary>Tenants for themselves, administrators for any.</summary>
    TenantOrAdmin,

    /// <summary>Administrators.</summary>
    Admin,
}
