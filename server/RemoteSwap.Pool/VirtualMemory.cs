using System.ComponentModel;
using System.Runtime.InteropServices;

namespace RemoteSwap.Pool;

/// <summary>
/// Address space from the system: reserved whole, backed with memory page by page when first touched, and given back
/// without giving up the addresses. Linux: mmap with MAP_NORESERVE, madvise with MADV_DONTNEED.
/// </summary>
internal static unsafe class VirtualMemory
{
    private const int ProtReadWrite = 0x1 | 0x2;
    private const int MapPrivateAnonymousNoReserve = 0x02 | 0x20 | 0x4000;
    private const int MadviseDontNeed = 4;
    private const int MadviseNoHugePage = 15;
    private static readonly nint MapFailed = -1;

    /// <summary>Reserves zeroed memory.</summary>
    /// <param name="bytes">Bytes, a multiple of the page size.</param>
    /// <exception cref="PlatformNotSupportedException">Not Linux.</exception>
    /// <exception cref="Win32Exception">The system refuses the reservation.</exception>
    public static Reservation Reserve(long bytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("RemoteSwap's arena needs Linux (mmap, madvise).");
        }

        nint address = MemoryMap(0, (nuint)bytes, ProtReadWrite, MapPrivateAnonymousNoReserve, -1, 0);
        if (address == MapFailed)
        {
            throw new Win32Exception(
                Marshal.GetLastPInvokeError(),
                $"cannot reserve {bytes} bytes of address space: {LastError()}; "
                + "lower the server's limit or raise 'ulimit -v'");
        }

        // Memory is given back frame by frame; a huge page would be split again, and until then it counts 512 frames as
        // used. Where the kernel has no huge pages this call fails, and there is nothing to switch off.
        _ = MemoryAdvise(address, (nuint)bytes, MadviseNoHugePage);
        return new Reservation((byte*)address, bytes);
    }

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
