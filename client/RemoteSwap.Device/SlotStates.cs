namespace RemoteSwap.Device;

/// <summary>
/// The state of every slot of the device, a byte each: 256 KiB a GiB. It is why a slot that was never written costs no
/// call, and why a page that the server has lost is an error and not zeroes.
/// <para>
/// Locks: none. A slot's state is changed only by who has the slot in the <see cref="SlotGate"/> for itself; it is read
/// by who has it at all, and by <see cref="RunAt"/>, which may be out of date.
/// </para>
/// </summary>
internal sealed class SlotStates
{
    private readonly byte[] _states;

    /// <summary>Makes states, all alike.</summary>
    /// <param name="slots">How many slots.</param>
    /// <param name="initial">Their state.</param>
    public SlotStates(long slots, SlotState initial)
    {
        _states = GC.AllocateUninitializedArray<byte>(checked((int)slots), pinned: true);
        _states.AsSpan().Fill((byte)initial);
    }

    /// <summary>How many slots there are.</summary>
    public long Count => _states.Length;

    /// <summary>The state of a slot.</summary>
    public SlotState this[long slot]
    {
        get => (SlotState)_states[slot];
        set => _states[slot] = (byte)value;
    }

    /// <summary>Sets the state of a run of slots.</summary>
    public void Set(long first, long count, SlotState state) =>
        _states.AsSpan((int)first, (int)count).Fill((byte)state);

    /// <summary>Puts a state in place of another one in a run of slots.</summary>
    public void Replace(long first, long count, SlotState from, SlotState to) =>
        _states.AsSpan((int)first, (int)count).Replace((byte)from, (byte)to);

    /// <summary>Whether all slots of a run are of a state.</summary>
    public bool AreAll(long first, long count, SlotState state) =>
        _states.AsSpan((int)first, (int)count).IndexOfAnyExcept((byte)state) < 0;

    /// <summary>Whether any slot of a run is of a state.</summary>
    public bool Has(long first, long count, SlotState state) =>
        _states.AsSpan((int)first, (int)count).Contains((byte)state);

    /// <summary>How many slots from one on are holes, or are not: as many as the first one agrees with.</summary>
    /// <param name="first">The first slot.</param>
    /// <param name="count">How many to look at, at least 1.</param>
    /// <param name="isHole">Whether the first one is a hole.</param>
    public long RunAt(long first, long count, out bool isHole)
    {
        ReadOnlySpan<byte> states = _states.AsSpan((int)first, (int)count);
        isHole = states[0] == (byte)SlotState.Hole;
        int end = isHole ? states.IndexOfAnyExcept((byte)SlotState.Hole) : states.IndexOf((byte)SlotState.Hole);
        return end < 0 ? count : end;
    }
}
