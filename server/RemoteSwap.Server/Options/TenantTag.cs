namespace RemoteSwap.Server.Options;

/// <summary>Which tenants metrics name.</summary>
internal enum TenantTag
{
    /// <summary>None: figures of all tenants are added up.</summary>
    None = 0,

    /// <summary>Those with the most memory; the others are added up as <c>other</c>.</summary>
    Top,

    /// <summary>Every one.</summary>
    All,

    /// <summary>All, or Top where there are more tenants than a metric can have.</summary>
    Auto,
}
