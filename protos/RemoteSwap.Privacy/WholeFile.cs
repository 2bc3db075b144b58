using System.Runtime.InteropServices;

namespace RemoteSwap.Privacy;

/// <summary>
/// Gives a file that was written whole the name by which others find it, unless something has that name: of many who do
/// so at the same time exactly one succeeds.
/// <para>
/// File.Move without overwriting is no such step where there are hard links: the runtime looks, and then renames over
/// whatever has come meanwhile. A second name by link(2) is refused by the file system itself. What it is not: durable;
/// flush the file before.
/// </para>
/// </summary>
public static class WholeFile
{
    // EEXIST, of Linux, macOS and BSD alike.
    private const int IsThere = 17;

    /// <summary>Names a file.</summary>
    /// <param name="written">The file, in the same file system.</param>
    /// <param name="path">Its name; the former one is gone.</param>
    /// <param name="replaces">Whether it takes the place of a file that has the name.</param>
    /// <returns>Whether it has it; false: something else has, and the file is where it was.</returns>
    /// <exception cref="IOException">It can not be named.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be named.</exception>
    public static bool TryPublish(string written, string path, bool replaces = false)
    {
        if (replaces)
        {
            File.Move(written, path, overwrite: true);
            return true;
        }

        if (!OperatingSystem.IsWindows())
        {
            if (Link(written, path) == 0)
            {
                File.Delete(written);
                return true;
            }

            if (Marshal.GetLastPInvokeError() == IsThere)
            {
                return false;
            }
        }

        // Windows renames in one step; and a file system without links is all that is left.
        try
        {
            File.Move(written, path);
            return true;
        }
        catch (IOException) when (Path.Exists(path))
        {
            return false;
        }
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    private static extern int Link(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string written, [MarshalAs(UnmanagedType.LPUTF8Str)] string path);
}
