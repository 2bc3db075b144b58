using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using RemoteSwap.Privacy;

namespace RemoteSwap.Store;

/// <summary>Files that are there whole or not at all, also after the machine stopped: for their owner only.</summary>
internal static class DurableFile
{
    private const int ReadOnlyDirectory = 0x10000;

    /// <summary>How files of a state folder are opened: unshared, and made for their owner only.</summary>
    public static FileStreamOptions Options(FileMode mode) => PrivateFile.Options(mode, FileAccess.ReadWrite);

    /// <summary>Puts a file into the place of another: written whole, on the medium, then renamed.</summary>
    /// <returns>The file, open, positioned at its end.</returns>
    public static FileStream Replace(string path, ReadOnlySpan<byte> content)
    {
        string written = path + ".new";
        File.Delete(written);
        FileStream stream = new(written, Options(FileMode.CreateNew));
        try
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
            File.Move(written, path, overwrite: true);
            SyncFolderOf(path);
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Puts the names of a file's folder on the medium, so that a rename or a deletion outlives the
    /// machine.</summary>
    public static void SyncFolderOf(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        using SafeFileHandle handle = new(OpenFolder(folder, ReadOnlyDirectory), ownsHandle: true);
        if (handle.IsInvalid || SyncFile(handle) != 0)
        {
            throw new IOException($"'{folder}' cannot be put on its medium: {LastError()}");
        }
    }

    private static string LastError() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int OpenFolder([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int SyncFile(SafeFileHandle file);
}
