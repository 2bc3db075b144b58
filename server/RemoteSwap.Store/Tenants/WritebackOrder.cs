namespace RemoteSwap.Store;

/// <summary>Where reclaim puts pages first.</summary>
public enum WritebackOrder
{
    /// <summary>With the clients that take them; what they do not take goes into the spill file.</summary>
    ClientFirst = 0,

    /// <summary>Into the spill file; when that is full, with the clients that take them.</summary>
    SpillFirst = 1,
}
