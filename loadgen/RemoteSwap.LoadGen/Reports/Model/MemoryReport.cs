namespace RemoteSwap.LoadGen.Reports.Model;

/// <summary>
/// What the pages cost the server in memory: its figures when all were swapped out, less those before.
/// </summary>
/// <param name="Pages">Pages stored.</param>
/// <param name="Frames">Frames taken, 4 KiB each.</param>
/// <param name="PagesPerFrame">Density: zpages in memory for each frame.</param>
/// <param name="UsedBytes">Frames, index and handles, as the server accounts for them.</param>
/// <param name="RawBytesPerUsedByte">Raw bytes for each of these.</param>
/// <param name="ResidentGrowthBytes">Growth of the server process's resident memory, all of it.</param>
/// <param name="RawBytesPerResidentByte">Raw bytes for each of these; 0 if it did not grow.</param>
/// <param name="IndexBytesPerPage">Index entries and handles for each page.</param>
/// <param name="SameFilledShare">Pages stored without a frame, 0 to 1.</param>
/// <param name="IncompressibleShare">Pages in a frame of their own, 0 to 1.</param>
/// <param name="ManagedHeapBytes">Managed heap of the server process when all pages were swapped out.</param>
/// <param name="ServerCpuMicrosecondsPerPage">
/// Processor time of the server process for each page swapped out; in an embedded run the client's too.
/// </param>
internal sealed record MemoryReport(
    long Pages,
    long Frames,
    double PagesPerFrame,
    long UsedBytes,
    double RawBytesPerUsedByte,
    long ResidentGrowthBytes,
    double RawBytesPerResidentByte,
    double IndexBytesPerPage,
    double SameFilledShare,
    double IncompressibleShare,
    long ManagedHeapBytes,
    double ServerCpuMicrosecondsPerPage);
