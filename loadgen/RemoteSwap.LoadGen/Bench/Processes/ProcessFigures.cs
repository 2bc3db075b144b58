using System.Diagnostics;

namespace RemoteSwap.LoadGen.Bench.Processes;

/// <summary>What the system says of a process.</summary>
internal static class ProcessFigures
{
    /// <summary>Resident memory in bytes; 0 if there is no such process any more.</summary>
    public static long ResidentBytes(int id) => Of(id, process => process.WorkingSet64);

    /// <summary>Processor time in seconds, to within a tick of the system; 0 likewise.</summary>
    public static double CpuSeconds(int id) => Of(id, process => process.TotalProcessorTime.TotalSeconds);

    private static T Of<T>(int id, Func<Process, T> figure)
        where T : struct
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            return figure(process);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return default;
        }
    }
}
