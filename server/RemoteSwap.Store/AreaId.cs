namespace RemoteSwap.Store;

/// <summary>One swap device of a tenant (the kernel's swap type).</summary>
/// <param name="Value">The number, from 0.</param>
public readonly record struct AreaId(uint Value);
