namespace RemoteSwap.Store;

/// <summary>A page's number within an area (the kernel's swap offset). 0 is a legal slot.</summary>
/// <param name="Value">The number, below <see cref="MaxSlots"/>.</param>
public readonly record struct Slot(ulong Value)
{
    /// <summary>The most slots an area can have: 16 TiB of pages.</summary>
    public const ulong MaxSlots = 1UL << 32;

    /// <summary>Slots of a slab, the unit of sharding: 64 MiB of pages.</summary>
    public const int SlabSlots = 1 << SlabShift;

    /// <summary>Bits of a slot number within its slab.</summary>
    public const int SlabShift = 14;

    /// <summary>The slab that the slot is in.</summary>
    public uint Slab => (uint)(Value >> SlabShift);
}
