namespace RemoteSwap.Store;

/// <summary>The claim of a request to act for an area's owner; checked again for every page, under its lock.</summary>
/// <param name="State">The area.</param>
/// <param name="Epoch">Whose request it is.</param>
internal readonly record struct AreaClaim(AreaState State, AttachEpoch Epoch)
{
    /// <summary>Whether it is the owner's. To be asked under the lock of the shard that is about to be
    /// changed.</summary>
    public bool IsCurrent => State.Owner == Epoch;

    /// <summary>A request has come: its owner is alive.</summary>
    public void Hear()
    {
        if (!State.WasHeard && IsCurrent)
        {
            State.WasHeard = true;
        }
    }
}
