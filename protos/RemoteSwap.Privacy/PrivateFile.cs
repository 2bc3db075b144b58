using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RemoteSwap.Privacy;

/// <summary>
/// Makes sure that a file with pages or tokens in it is this user's own, after it was opened and before it is used:
/// what was opened is a file and no link, its owner is the user of this process, and others can neither read nor write
/// it.
/// <para>
/// One that others could only read is tightened, and the caller is told, because they may have read it. One that others
/// could write, or that is another user's, is refused: nothing in it can be believed. New files need none of this; they
/// are made for their owner only, and never where something is.
/// </para>
/// <para>
/// .NET has no O_NOFOLLOW. The open file is compared with what stands at the path, links not followed, so a link is
/// found however quickly it is exchanged. What it is not: a check of the folders above. Linux; elsewhere it passes all.
/// </para>
/// </summary>
public static class PrivateFile
{
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint BasicStats = 0x7FF;
    private const int StatBytes = 256;
    private const int UserOffset = 20;
    private const int ModeOffset = 28;
    private const int InodeOffset = 32;
    private const int DeviceOffset = 136;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const uint Root = 0;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode Others = OthersWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>How a file of this user is opened: unbuffered, and where it is made, for its owner only.</summary>
    /// <param name="mode">Whether it is there, or made.</param>
    /// <param name="access">What is done with it.</param>
    /// <param name="share">What others may do with it meanwhile.</param>
    /// <param name="more">How it is used.</param>
    public static FileStreamOptions Options(
        FileMode mode,
        FileAccess access,
        FileShare share = FileShare.None,
        FileOptions more = FileOptions.None)
    {
        FileStreamOptions options = new()
        {
            Mode = mode,
            Access = access,
            Share = share,
            Options = more,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open)
        {
            options.UnixCreateMode = OwnerFile;
        }

        return options;
    }

    /// <summary>Makes a folder, and those above it that are not there, for this user only. One that is there stays as
    /// it is.</summary>
    public static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerFolder);
        }
    }

    /// <summary>Requires that an open file is this user's own, and tightens its mode.</summary>
    /// <param name="path">Where it was opened.</param>
    /// <param name="file">The open file.</param>
    /// <returns>What was tightened, in words; null: nothing had to be.</returns>
    /// <exception cref="IOException">It is refused, or cannot be looked at.</exception>
    public static string? Require(string path, SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        byte[] opened = new byte[StatBytes];
        byte[] named = new byte[StatBytes];
        if (StatFile(file, "", EmptyPath, BasicStats, opened) != 0
            || StatPath(CurrentFolder, path, NoFollow, BasicStats, named) != 0)
        {
            throw new IOException($"'{path}' cannot be looked at: {LastError()}");
        }

        bool isSame = opened.AsSpan(InodeOffset, sizeof(ulong)).SequenceEqual(named.AsSpan(InodeOffset, sizeof(ulong)))
            && opened.AsSpan(DeviceOffset, sizeof(ulong)).SequenceEqual(named.AsSpan(DeviceOffset, sizeof(ulong)));
        if (!isSame || (ModeOf(opened) & TypeMask) != RegularFile)
        {
            throw new IOException($"'{path}' is a link or no file; name the file itself");
        }

        if (UserOf(opened) is var owner && owner != EffectiveUser())
        {
            throw new IOException(
                $"'{path}' is user {owner}'s and this process is user {EffectiveUser()}; remove it or name another "
                + "path");
        }

        UnixFileMode mode = (UnixFileMode)(ModeOf(opened) & ~TypeMask);
        if ((mode & OthersWrite) != UnixFileMode.None)
        {
            throw new IOException(
                $"'{path}' could be written by others (mode {Octal(mode)}), so what is in it cannot be believed; "
                + "remove it");
        }

        if ((mode & Others) == UnixFileMode.None)
        {
            return null;
        }

        File.SetUnixFileMode(file, OwnerFile);
        return $"'{path}' could be read by others (mode {Octal(mode)}); it has mode 600 now";
    }

    /// <summary>Requires that a folder is no other user's, and tightens its mode if it is this user's.</summary>
    /// <param name="path">The folder.</param>
    /// <returns>What was tightened, in words; null: nothing had to be.</returns>
    /// <exception cref="IOException">It is refused, or cannot be looked at.</exception>
    public static string? RequireFolder(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        byte[] named = new byte[StatBytes];
        if (StatPath(CurrentFolder, path, 0, BasicStats, named) != 0)
        {
            throw new IOException($"'{path}' cannot be looked at: {LastError()}");
        }

        uint owner = UserOf(named);
        UnixFileMode mode = (UnixFileMode)(ModeOf(named) & ~TypeMask);
        bool isOwn = owner == EffectiveUser();
        if (!isOwn && (owner != Root || (mode & UnixFileMode.OtherWrite) != UnixFileMode.None))
        {
            throw new IOException(
                $"'{path}' is user {owner}'s folder with mode {Octal(mode)}, in which others can exchange files; give "
                + $"this process, user {EffectiveUser()}, one of its own");
        }

        if (!isOwn || (mode & Others) == UnixFileMode.None)
        {
            return null;
        }

        File.SetUnixFileMode(path, OwnerFolder);
        return $"folder '{path}' was open to others (mode {Octal(mode)}); it has mode 700 now";
    }

    private static uint UserOf(byte[] stat) => BinaryPrimitives.ReadUInt32LittleEndian(stat.AsSpan(UserOffset));

    private static int ModeOf(byte[] stat) => BinaryPrimitives.ReadUInt16LittleEndian(stat.AsSpan(ModeOffset));

    private static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, toBase: 8);

    private static string LastError() => new Win32Exception(Marshal.GetLastPInvokeError()).Message;

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static extern int StatFile(
        SafeFileHandle file,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string path,
        int flags,
        uint mask,
        [Out] byte[] stat);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static extern int StatPath(
        int folder,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string path,
        int flags,
        uint mask,
        [Out] byte[] stat);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "geteuid")]
    private static extern uint EffectiveUser();
}
