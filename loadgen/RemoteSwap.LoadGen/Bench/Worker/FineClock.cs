using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RemoteSwap.LoadGen.Bench.Worker;

/// <summary>Waits to within some 60 microseconds on Linux; elsewhere to within a timer's tick.</summary>
internal static class FineClock
{
    private const long NanosecondsASecond = 1_000_000_000;

    /// <summary>Waits until a timestamp of the stopwatch has come; not at all if it has passed.</summary>
    public static void WaitUntil(long timestamp)
    {
        TimeSpan wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), timestamp);
        if (wait <= TimeSpan.Zero)
        {
            return;
        }

        if (OperatingSystem.IsLinux())
        {
            long nanoseconds = (long)wait.TotalNanoseconds;
            TimeSpec time = new(
                (nint)(nanoseconds / NanosecondsASecond), (nint)(nanoseconds % NanosecondsASecond));
            _ = NanoSleep(in time, 0);
        }
        else
        {
            using ManualResetEventSlim never = new();
            never.Wait(wait);
        }
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "nanosleep")]
    private static extern int NanoSleep(in TimeSpec time, nint left);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct TimeSpec(nint Seconds, nint Nanoseconds);
}
