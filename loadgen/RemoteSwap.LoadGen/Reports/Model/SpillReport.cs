namespace RemoteSwap.LoadGen.Reports.Model;

/// <summary>What went through the spill file, beside what fio gets from the same file system.</summary>
/// <param name="SpilledPages">Pages in the file when all were swapped out.</param>
/// <param name="WrittenBytes">Bytes of frames written while pages were swapped out.</param>
/// <param name="WriteBytesPerSecond">Of them a second.</param>
/// <param name="ReclaimBytesPerSecond">Bytes of frames a second in one reclaim of all memory, after the load.</param>
/// <param name="RawWriteBytesPerSecond">fio's writes of 128 KiB; null: not known.</param>
/// <param name="SpillLoads">Loads answered from the file while pages were swapped in.</param>
/// <param name="LoadsPerSecond">Of them a second.</param>
/// <param name="RawReadsPerSecond">fio's random reads of 4 KiB; null: not known.</param>
internal sealed record SpillReport(
    long SpilledPages,
    long WrittenBytes,
    double WriteBytesPerSecond,
    double ReclaimBytesPerSecond,
    double? RawWriteBytesPerSecond,
    long SpillLoads,
    double LoadsPerSecond,
    double? RawReadsPerSecond);
