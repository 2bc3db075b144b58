namespace RemoteSwap.LoadGen.Statistics;

/// <summary>What went through the spill file of a server in this process.</summary>
/// <param name="Raw">What fio gets there; null: not known.</param>
/// <param name="Before">Before the first page was swapped out.</param>
/// <param name="Stored">When all were.</param>
/// <param name="StoreTime">How long that took.</param>
/// <param name="Loaded">When all were swapped in once.</param>
/// <param name="LoadTime">How long that took.</param>
/// <param name="ReclaimedFrames">Frames written and freed in one go at the end, with nothing else to do.</param>
/// <param name="ReclaimTime">How long that took.</param>
internal sealed record SpillFigures(
    RawDisk? Raw,
    ServerSnapshot Before,
    ServerSnapshot Stored,
    TimeSpan StoreTime,
    ServerSnapshot Loaded,
    TimeSpan LoadTime,
    long ReclaimedFrames,
    TimeSpan ReclaimTime)
{
    private const long FrameBytes = 4096;

    /// <summary>Bytes of frames written while pages were swapped out.</summary>
    public long WrittenBytes => (Stored.ReclaimedFrames - Before.ReclaimedFrames) * FrameBytes;

    /// <summary>Of them a second.</summary>
    public double WriteBytesPerSecond => StoreTime > TimeSpan.Zero ? WrittenBytes / StoreTime.TotalSeconds : 0;

    /// <summary>Bytes of frames a second, written and freed with nothing else to do.</summary>
    public double ReclaimBytesPerSecond =>
        ReclaimTime > TimeSpan.Zero ? ReclaimedFrames * FrameBytes / ReclaimTime.TotalSeconds : 0;

    /// <summary>Loads answered from the file while pages were swapped in.</summary>
    public long SpillLoads => Loaded.SpillLoads - Stored.SpillLoads;

    /// <summary>Of them a second.</summary>
    public double LoadsPerSecond => LoadTime > TimeSpan.Zero ? SpillLoads / LoadTime.TotalSeconds : 0;
}
