using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RemoteSwap.Store.Tests.Crash;

/// <summary>
/// Copies a file that a server has open for itself, as a kill would leave it behind at this moment, or opens it to
/// spoil it.
/// </summary>
internal static class OpenCopy
{
    private const int ReadOnly = 0;
    private const int ReadWrite = 2;

    public static void Make(string from, string to)
    {
        // Not by the platform, whose locks are advisory and would keep it out.
        using SafeFileHandle source = Open(from, ReadOnly, "copied");
        byte[] content = new byte[RandomAccess.GetLength(source)];
        int read = RandomAccess.Read(source, content, 0);
        File.WriteAllBytes(to, content[..read]);
    }

    /// <summary>Opens a file that a server has open for itself.</summary>
    public static SafeFileHandle ForWriting(string path) => Open(path, ReadWrite, "written");

    private static SafeFileHandle Open(string path, int flags, string what)
    {
        SafeFileHandle file = new(Open(path, flags), ownsHandle: true);
        return file.IsInvalid
            ? throw new IOException($"{path} can not be {what}: {Marshal.GetLastPInvokeErrorMessage()}")
            : file;
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
