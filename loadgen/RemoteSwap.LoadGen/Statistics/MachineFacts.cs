using System.Runtime;
using System.Runtime.InteropServices;

namespace RemoteSwap.LoadGen.Statistics;

/// <summary>The computer and the runtime, as figures without them mean nothing.</summary>
/// <param name="Processor">Its name.</param>
/// <param name="Cores">Logical processors that the process may use.</param>
/// <param name="MemoryBytes">Memory that the process may use.</param>
/// <param name="Kernel">Operating system and kernel.</param>
/// <param name="Runtime">.NET version.</param>
/// <param name="GarbageCollector">Its mode.</param>
internal sealed record MachineFacts(
    string Processor, int Cores, long MemoryBytes, string Kernel, string Runtime, string GarbageCollector)
{
    private const int MaxCpuInfoLines = 64;

    /// <summary>This computer.</summary>
    public static MachineFacts Read() => new(
        ProcessorName(),
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        $"{RuntimeInformation.OSDescription}, {KernelName()}, {RuntimeInformation.ProcessArchitecture}",
        RuntimeInformation.FrameworkDescription,
        (GCSettings.IsServerGC ? "server" : "workstation")
            + (GCSettings.LatencyMode == GCLatencyMode.Batch ? ", not concurrent" : ", concurrent"));

    private static string KernelName()
    {
        const string Path = "/proc/sys/kernel/osrelease";
        return File.Exists(Path) ? $"Linux {File.ReadAllText(Path).Trim()}" : Environment.OSVersion.VersionString;
    }

    private static string ProcessorName()
    {
        const string Path = "/proc/cpuinfo";
        if (!File.Exists(Path))
        {
            return "unknown processor";
        }

        string? line = File.ReadLines(Path)
            .Take(MaxCpuInfoLines)
            .FirstOrDefault(candidate => candidate.StartsWith("model name", StringComparison.Ordinal));
        return line is null ? "unknown processor" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
