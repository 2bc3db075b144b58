namespace RemoteSwap.Store;

/// <summary>The claim of a request to act for an area's owner; checked again for every page, under its lock.</summary>
/// <param name="State">The area.</param>
/// <param name="Epoch">Whose request it is.</param>
internal readonly record struct AreaClaim(AreaState State, AttachEpoch Epoch)
{
    /// <summary>Whether it is the owner's. To be asked under the lock of the shard that is about to be
    /// changed.</summary>
    public bool IsCurrent => State.Owner == Epoch;

    /// <summary>A request has come: what it claims to be, and, if it is the owner's, a sign of life.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="area">The area.</param>
    /// <param name="epoch">Whose request it is.</param>
    /// <param name="newest">The newest generation that it asks for; none: it changes nothing.</param>
    public static AreaClaim Of(Tenant tenant, AreaId area, AttachEpoch epoch, Generation newest = default)
    {
        AreaClaim claim = new(tenant.Areas[area], epoch);
        if (!claim.State.WasHeard && claim.IsCurrent)
        {
            claim.State.WasHeard = true;
        }

        claim.State.Saw(newest.Value);
        return claim;
    }
}
