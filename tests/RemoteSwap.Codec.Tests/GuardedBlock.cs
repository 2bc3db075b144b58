using System.Runtime.InteropServices;

namespace RemoteSwap.Codec.Tests;

/// <summary>
/// Memory that ends where the system allows no access: a decoder that reads one byte past the block ends the process,
/// which no test can mistake for success.
/// </summary>
internal sealed unsafe class GuardedBlock
{
    private const int Room = 2 * PageBytes;
    private const int PageBytes = 4096;
    private const int ReadWrite = 0x1 | 0x2;
    private const int PrivateAnonymous = 0x02 | 0x20;

    [ThreadStatic]
    private static GuardedBlock? t_instance;

    private readonly byte* _end;

    // Three pages a thread, kept until the process ends.
    private GuardedBlock()
    {
        nint start = MemoryMap(0, Room + PageBytes, ReadWrite, PrivateAnonymous, -1, 0);
        if (start == -1 || MemoryProtect(start + Room, PageBytes, 0) != 0)
        {
            throw new InvalidOperationException($"no guarded memory: error {Marshal.GetLastPInvokeError()}");
        }

        _end = (byte*)start + Room;
    }

    /// <summary>The calling thread's memory.</summary>
    public static GuardedBlock OfThisThread => t_instance ??= new GuardedBlock();

    /// <summary>Copies a block so that its last byte is the last one there is; valid until the next copy.</summary>
    /// <param name="block">At most 8,192 bytes.</param>
    public ReadOnlySpan<byte> Copy(ReadOnlySpan<byte> block)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(block.Length, Room);
        Span<byte> copy = new(_end - block.Length, block.Length);
        block.CopyTo(copy);
        return copy;
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static extern nint MemoryMap(nint address, nuint length, int protection, int flags, int file, long offset);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static extern int MemoryProtect(nint address, nuint length, int protection);
}
