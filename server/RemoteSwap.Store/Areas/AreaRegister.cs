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

    private AreaState Add(AreaId area)
    {
        AreaState state = new();
        return Interlocked.CompareExchange(ref _states[area.Value], state, comparand: null) ?? state;
    }
}
