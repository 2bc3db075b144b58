namespace RemoteSwap.LoadGen.Bench.Processes;

/// <summary>What a server process has used so far.</summary>
/// <param name="CpuSeconds">Processor time of the whole process.</param>
/// <param name="AllocatedBytes">Bytes ever allocated on its managed heap; null where there is none.</param>
/// <param name="FullCollections">Collections of the whole managed heap; null where there is none.</param>
internal sealed record ServerFigures(double CpuSeconds, double? AllocatedBytes, double? FullCollections);
