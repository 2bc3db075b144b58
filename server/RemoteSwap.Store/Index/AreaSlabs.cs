namespace RemoteSwap.Store;

/// <summary>
/// The slabs of one area in a shard that hold something, and what is known of all others. One object an area that was
/// ever used, so that what its slots have seen is remembered in bounded space. Guarded by the shard's lock.
/// </summary>
internal sealed class AreaSlabs
{
    /// <summary>The cell of each slab.</summary>
    public Dictionary<uint, uint> Cells { get; } = [];

    /// <summary>The newest generation that a slot of a slab that is not here may have seen.</summary>
    public Generation Floor { get; private set; }

    /// <summary>Raises the floor.</summary>
    public void Raise(Generation seen) => Floor = seen.IsNewerThan(Floor) ? seen : Floor;
}
