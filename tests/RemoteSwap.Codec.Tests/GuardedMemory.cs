using System.Runtime.InteropServices;

namespace RemoteSwap.Codec.Tests;

/// <summary>
/// Memory between two places where the system allows no access: code that reads or writes one byte before or behind it
/// ends the process, which no test can mistake for success.
/// </summary>
internal sealed unsafe class GuardedMemory
{
    private const int ReadWrite = 0x1 | 0x2;
    private const int Private = 0x02;
    private const int AnonymousLinux = 0x20;
    private const int AnonymousMac = 0x1000;

    private readonly byte* _start;
    private readonly int _bytes;

    /// <summary>Takes memory, which is kept until the process ends.</summary>
    /// <param name="bytes">How much at least; whole pages of the system are taken.</param>
    public GuardedMemory(int bytes)
    {
        int page = Environment.SystemPageSize;
        _bytes = (bytes + page - 1) / page * page;
        int flags = Private | (OperatingSystem.IsMacOS() ? AnonymousMac : AnonymousLinux);
        nint start = MemoryMap(0, (nuint)(_bytes + (2 * page)), ReadWrite, flags, -1, 0);
        if (start == -1
            || MemoryProtect(start, (nuint)page, 0) != 0
            || MemoryProtect(start + page + _bytes, (nuint)page, 0) != 0)
        {
            throw new InvalidOperationException($"no guarded memory: error {Marshal.GetLastPInvokeError()}");
        }

        _start = (byte*)start + page;
    }

    /// <summary>The bytes behind the first guard, or those before the last one.</summary>
    public Span<byte> Take(int bytes, bool atEnd)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bytes, (uint)_bytes);
        return new Span<byte>(atEnd ? _start + _bytes - bytes : _start, bytes);
    }

    /// <summary>Copies bytes to one of the guards; valid until the next copy.</summary>
    public ReadOnlySpan<byte> Copy(ReadOnlySpan<byte> bytes, bool atEnd)
    {
        Span<byte> copy = Take(bytes.Length, atEnd);
        bytes.CopyTo(copy);
        return copy;
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static extern nint MemoryMap(nint address, nuint length, int protection, int flags, int file, long offset);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static extern int MemoryProtect(nint address, nuint length, int protection);
}
