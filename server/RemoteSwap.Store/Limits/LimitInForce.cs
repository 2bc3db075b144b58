namespace RemoteSwap.Store;

/// <summary>
/// The limit of all tenants together while memory is short: below the configured one, with a reason. Pages stay: new
/// ones are refused above it, the shrinker works down to it where there is a place to write pages to, and meanwhile all
/// frames that can be merged are, and free memory goes back without a reserve. What is guaranteed to a tenant stays its
/// own in any case.
/// <para>Set by one task; read by anybody.</para>
/// </summary>
public sealed class LimitInForce
{
    private readonly PageStore _store;
    private volatile string _reason = "";

    internal LimitInForce(PageStore store) => _store = store;

    /// <summary>Why it is below the configured one, for a person; empty: it is not.</summary>
    public string Reason => _reason;

    /// <summary>Whether it is below the configured one.</summary>
    public bool IsLowered => _reason.Length > 0;

    /// <summary>Sets the limit, up to the configured one.</summary>
    /// <param name="limitBytes">The limit from now on, at least a frame.</param>
    /// <param name="reason">Why it is below the configured one.</param>
    public void Set(long limitBytes, string reason)
    {
        bool isLowered = limitBytes < _store.Options.LimitBytes;
        _reason = isLowered ? reason : "";
        _store.Compactor.IsSqueezed = isLowered;
        _store.Budget.Gate.SetCeiling(Tenant.FramesOf(limitBytes));
        if (_store.Budget.IsClosed())
        {
            _store.Shrinker.Wake();
        }
    }
}
