using System.Runtime.InteropServices;
using RemoteSwap.Cli.App;
using RemoteSwap.Privacy;

namespace RemoteSwap.Cli.Commands.Nbd;

/// <summary>
/// Makes this process fit to stand between a guest and its swapped-out memory: its pages are locked, so that the host
/// does not swap out what swaps in; and where it may, it tells the kernel that it is on the way of I/O, so that memory
/// it asks for is not taken by writing to itself. A guest's pages get into no core file of it.
/// <para>Linux. What is not permitted is said, with what to change, and left out.</para>
/// </summary>
internal static class SwapProcess
{
    // Pages are locked when they are touched: the runtime reserves far more addresses than it uses.
    private const int LockNowLaterOnFault = 1 | 2 | 4;
    private const int SetParentDeathSignal = 1;
    private const int SetIoFlusher = 57;
    private const int Terminate = 15;
    private const int InitProcess = 1;

    /// <summary>Does what it may.</summary>
    /// <param name="run">Takes remarks.</param>
    /// <param name="exitsWithParent">Whether the process is to end when its parent does.</param>
    /// <exception cref="CommandFailedException">The parent has ended already.</exception>
    public static void MakeFit(CommandRun run, bool exitsWithParent)
    {
        if (LockAllMemory(LockNowLaterOnFault) != 0)
        {
            run.Remark(
                $"memory is not locked ({Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}): under memory "
                + "pressure this host may swap the device itself out; set 'ulimit -l unlimited' or give it "
                + "CAP_IPC_LOCK");
        }

        if (CoreDumps.TryDisable() is { } problem)
        {
            run.Remark($"core files are not switched off ({problem}): one would have the guest's pages in it");
        }

        // Threads that are made from here on have it too. Without CAP_SYS_RESOURCE it is refused, and nothing is lost
        // but a safeguard against a rare deadlock.
        _ = ProcessControl(SetIoFlusher, 1, 0, 0, 0);
        if (!exitsWithParent)
        {
            return;
        }

        int parent = ParentProcess();
        if (parent == InitProcess
            || ProcessControl(SetParentDeathSignal, Terminate, 0, 0, 0) != 0
            || ParentProcess() != parent)
        {
            throw CommandFailedException.Failed("--exit-with-parent: the parent process has ended");
        }
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "mlockall", SetLastError = true)]
    private static extern int LockAllMemory(int flags);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static extern int ProcessControl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "getppid")]
    private static extern int ParentProcess();
}
