using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RemoteSwap.Pool;

/// <summary>
/// Address space from the system: reserved whole, backed with memory page by page when first touched, and given back
/// without giving up the addresses. Linux: mmap with MAP_NORESERVE, madvise with MADV_DONTNEED. Whether the system
/// backs it with pages of 4 KiB or, where it can, of 2 MiB is the caller's choice.
/// </summary>
internal static unsafe class VirtualMemory
{
    private const int ProtReadWrite = 0x1 | 0x2;
    private const int MapPrivateAnonymousNoReserve = 0x02 | 0x20 | 0x4000;
    private const int MapShared = 0x01;
    private const int MadviseDontNeed = 4;
    private const int MadviseHugePage = 14;
    private const int MadviseNoHugePage = 15;
    private const int MadviseDontDump = 16;
    private static readonly nint MapFailed = -1;

    /// <summary>Bytes of a huge page of x86-64 and of arm64 with pages of 4 KiB.</summary>
    public const int HugePageBytes = 2 << 20;

    /// <summary>Reserves zeroed memory, beginning where a huge page may begin; by pages of 4 KiB for now.</summary>
    /// <param name="bytes">Bytes, a multiple of the page size.</param>
    /// <exception cref="PlatformNotSupportedException">Not Linux.</exception>
    /// <exception cref="Win32Exception">The system refuses the reservation.</exception>
    public static Reservation Reserve(long bytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("RemoteSwap's arena needs Linux (mmap, madvise).");
        }

        long taken = bytes + HugePageBytes;
        nint address = MemoryMap(0, (nuint)taken, ProtReadWrite, MapPrivateAnonymousNoReserve, -1, 0);
        if (address == MapFailed)
        {
            throw new Win32Exception(
                Marshal.GetLastPInvokeError(),
                $"cannot reserve {bytes} bytes of address space: {LastError()}; "
                + "lower the server's limit or raise 'ulimit -v'");
        }

        byte* start = (byte*)((address + HugePageBytes - 1) & -HugePageBytes);
        AllowHugePages(start, bytes, allow: false);

        // Pages belong into no core file, whatever the process allows. A kernel without it keeps the rest private.
        _ = MemoryAdvise(address, (nuint)taken, MadviseDontDump);
        return new Reservation(start, bytes, (byte*)address, taken);
    }

    /// <summary>Maps a file, so that what is written is in the system's cache of the file at once.</summary>
    /// <param name="file">The file; may be closed afterwards. It must be as long as the mapping for as long as that
    /// is used: a page beyond its end ends the process when it is touched.</param>
    /// <param name="bytes">Bytes from the file's begin.</param>
    /// <exception cref="PlatformNotSupportedException">Not Linux.</exception>
    /// <exception cref="Win32Exception">The system refuses it.</exception>
    public static Reservation Map(SafeFileHandle file, long bytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("RemoteSwap maps files on Linux only (mmap).");
        }

        bool isHeld = false;
        try
        {
            file.DangerousAddRef(ref isHeld);
            nint address = MemoryMap(
                0, (nuint)bytes, ProtReadWrite, MapShared, (int)file.DangerousGetHandle(), 0);
            return address == MapFailed
                ? throw new Win32Exception(
                    Marshal.GetLastPInvokeError(), $"cannot map {bytes} bytes of a file: {LastError()}")
                : new Reservation((byte*)address, bytes, (byte*)address, bytes);
        }
        finally
        {
            if (isHeld)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>
    /// Says whether the system may back memory with huge pages. A wish: a kernel without them, or with too many pieces
    /// of address space to remember one more, goes on as before, and nothing is wrong then.
    /// </summary>
    public static void AllowHugePages(byte* start, long bytes, bool allow) =>
        _ = MemoryAdvise((nint)start, (nuint)bytes, allow ? MadviseHugePage : MadviseNoHugePage);

    /// <summary>Gives memory back to the system; the addresses stay valid and read as zeroes.</summary>
    public static void GiveBack(byte* start, long bytes)
    {
        if (MemoryAdvise((nint)start, (nuint)bytes, MadviseDontNeed) != 0)
        {
            throw new Win32Exception($"madvise(MADV_DONTNEED) of {bytes} bytes failed: {LastError()}");
        }
    }

    /// <summary>Ends a reservation; only <see cref="Reservation"/> does.</summary>
    public static void Release(byte* start, long bytes)
    {
        // It can fail only for a range that is not a mapping, and a finalizer could not tell anybody.
        _ = MemoryUnmap((nint)start, (nuint)bytes);
    }

    private static string LastError() => Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static extern nint MemoryMap(nint address, nuint length, int protection, int flags, int file, long offset);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static extern int MemoryUnmap(nint address, nuint length);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "madvise", SetLastError = true)]
    private static extern int MemoryAdvise(nint address, nuint length, int advice);
}
