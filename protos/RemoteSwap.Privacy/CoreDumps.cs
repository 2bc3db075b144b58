using System.ComponentModel;
using System.Runtime.InteropServices;

namespace RemoteSwap.Privacy;

/// <summary>
/// Keeps this process's memory, which is full of other machines' pages, out of core files: the limit for them becomes
/// zero, and the process is no longer "dumpable", so that a handler that core_pattern pipes to gets nothing either, and
/// no other process of the same user can attach to it or read /proc/PID/mem.
/// <para>
/// What it is not: a defence against root, or whoever has CAP_SYS_PTRACE; nor a switch for .NET's own dumps, which an
/// operator asks for with DOTNET_DbgEnableMiniDump: createdump attaches as a debugger does, and fails then. The price:
/// debuggers, perf and dotnet-dump of the same user cannot look either. Linux; elsewhere it does nothing.
/// </para>
/// </summary>
public static class CoreDumps
{
    private const int SetDumpable = 4;
    private const int CoreLimit = 4;

    /// <summary>Switches them off, for good.</summary>
    /// <returns>What the system says against it; null: they are off.</returns>
    public static string? TryDisable()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        // Current and highest limit: 64 bits each.
        bool isDone = SetLimit(CoreLimit, new long[2]) == 0 && ProcessControl(SetDumpable, 0, 0, 0, 0) == 0;
        return isDone ? null : new Win32Exception(Marshal.GetLastPInvokeError()).Message;
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static extern int SetLimit(int resource, long[] limits);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static extern int ProcessControl(int option, nuint first, nuint second, nuint third, nuint fourth);
}
