namespace RemoteSwap.Store;

/// <summary>Which limit stands in the way of one more frame.</summary>
internal enum BudgetRefusal
{
    /// <summary>None.</summary>
    None,

    /// <summary>The tenant's.</summary>
    TenantLimit,

    /// <summary>The server's.</summary>
    ServerLimit,
}
