namespace RemoteSwap.Store;

/// <summary>
/// The areas of a tenant that were ever used, by number. Looking one up takes no lock: a place is filled once and never
/// again.
/// </summary>
internal sealed class AreaRegister(int areas)
{
    private readonly AreaState?[] _states = new AreaState?[areas];

    /// <summary>An area's state, made if it has none.</summary>
    public AreaState this[AreaId area] => Volatile.Read(ref _states[area.Value]) ?? Add(area);

    /// <summary>The areas that have a state.</summary>
    public IEnumerable<(AreaId Area, AreaState State)> All()
    {
        for (uint number = 0; number < _states.Length; number++)
        {
            if (Volatile.Read(ref _states[number]) is { } state)
            {
                yield return (new AreaId(number), state);
            }
        }
    }

    /// <summary>Counts the areas that have an owner. Takes no lock: one may come or go meanwhile.</summary>
    /// <param name="lease">Beyond which silence an owner's area is an orphan.</param>
    public (int Attached, int Orphans) CountOwned(TimeSpan lease)
    {
        int attached = 0;
        int orphans = 0;
        foreach ((_, AreaState state) in All())
        {
            bool isOwned = !state.Owner.IsNone;
            bool isOrphan = isOwned && state.SilentFor > lease;
            orphans += isOrphan ? 1 : 0;
            attached += isOwned && !isOrphan ? 1 : 0;
        }

        return (attached, orphans);
    }

    private AreaState Add(AreaId area)
    {
        AreaState state = new();
        return Interlocked.CompareExchange(ref _states[area.Value], state, comparand: null) ?? state;
    }
}
