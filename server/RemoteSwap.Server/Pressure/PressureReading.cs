namespace RemoteSwap.Server.Pressure;

/// <summary>What the system says about its memory at a moment.</summary>
/// <param name="Level">The limit with the least room left; null: there is none.</param>
/// <param name="Stalls">How much tasks wait for memory; null: the system does not tell.</param>
internal sealed record PressureReading(MemoryLevel? Level, MemoryStalls? Stalls)
{
    /// <summary>A system that says nothing.</summary>
    public static PressureReading None { get; } = new(null, null);
}
