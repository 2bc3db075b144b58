using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RemoteSwap.Store.Tests.Crash;

/// <summary>Copies a file that a server has open for itself: what a kill would leave behind at this moment.</summary>
internal static class OpenCopy
{
    private const int ReadOnly = 0;

    public static void Make(string from, string to)
    {
        // Not by the platform, whose locks are advisory and would keep it out.
        using SafeFileHandle source = new(Open(from, ReadOnly), ownsHandle: true);
        if (source.IsInvalid)
        {
            throw new IOException($"{from}: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        byte[] content = new byte[RandomAccess.GetLength(source)];
        int read = RandomAccess.Read(source, content, 0);
        File.WriteAllBytes(to, content[..read]);
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
