using System.Runtime.InteropServices;

namespace RemoteSwap.LoadGen.Chaos.Processes;

/// <summary>Sends signals to processes that this program has started, by their numbers.</summary>
internal static class Signal
{
    /// <summary>Ends at once.</summary>
    public const int Kill = 9;

    /// <summary>Goes on.</summary>
    public const int Continue = 18;

    /// <summary>Stands still.</summary>
    public const int Stop = 19;

    /// <summary>Sends one.</summary>
    /// <exception cref="ChaosFailedException">It can not be sent.</exception>
    public static void Send(int process, int signal)
    {
        if (process <= 1 || SendSignal(process, signal) != 0)
        {
            throw new ChaosFailedException(
                $"signal {signal} can not be sent to process {process}: "
                + Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));
        }
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int process, int signal);
}
