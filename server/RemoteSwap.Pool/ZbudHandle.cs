namespace RemoteSwap.Pool;

/// <summary>
/// An opaque reference to one zpage in a pool (KERNEL R3). It stays valid while the zpage's frame migrates or the zpage
/// moves to another frame, and it is detected as stale once the zpage is freed. It is never derived from a slot or an
/// address, and 0 is no handle.
/// </summary>
/// <param name="Value">Bits 0 to 31: index in the pool's handle table plus 1. Bits 32 to 47: generation of that
/// index.</param>
public readonly record struct ZbudHandle(ulong Value)
{
    /// <summary>No handle.</summary>
    public static readonly ZbudHandle None;

    internal ZbudHandle(uint index, ushort generation)
        : this(((ulong)generation << 32) | (index + 1))
    {
    }

    /// <summary>Whether this is no handle.</summary>
    public bool IsNone => (uint)Value == 0;

    internal uint Index => (uint)Value - 1;

    internal ushort Generation => (ushort)(Value >> 32);

    /// <inheritdoc/>
    public override string ToString() => IsNone ? "handle none" : $"handle {Index}.{Generation}";
}
