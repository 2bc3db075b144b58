using RemoteSwap.Nbd;

namespace RemoteSwap.Fuzz.Nbd;

/// <summary>
/// A small disk in one array, for one session: reads, writes and forgets at once, on the caller's thread.
/// </summary>
internal sealed class FlatDisk : INbdDevice
{
    public const int Bytes = 64 << 10;

    private const int UnitBytes = 4096;

    private readonly bool[] _isThere = new bool[Bytes / UnitBytes];

    /// <summary>The bytes.</summary>
    public byte[] Content { get; } = new byte[Bytes];

    public long SizeBytes => Bytes;

    public bool IsWriteThrough => false;

    public ValueTask<NbdResult> ReadAsync(long offset, Memory<byte> buffer, CancellationToken ct)
    {
        Content.AsMemory((int)offset, buffer.Length).CopyTo(buffer);
        return new(NbdResult.Success);
    }

    public ValueTask<NbdResult> WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken ct)
    {
        data.CopyTo(Content.AsMemory((int)offset, data.Length));
        for (long at = offset; at < offset + data.Length; at = ((at / UnitBytes) + 1) * UnitBytes)
        {
            _isThere[at / UnitBytes] = true;
        }

        return new(NbdResult.Success);
    }

    public ValueTask<NbdResult> WriteZeroesAsync(long offset, long length, bool keepAllocated, CancellationToken ct)
    {
        Content.AsSpan((int)offset, (int)length).Clear();
        return new(NbdResult.Success);
    }

    // The contents are up to the device; zeroes keep the model simple.
    public ValueTask<NbdResult> TrimAsync(long offset, long length, CancellationToken ct)
    {
        Content.AsSpan((int)offset, (int)length).Clear();
        return new(NbdResult.Success);
    }

    public ValueTask<NbdResult> FlushAsync(CancellationToken ct) => new(NbdResult.Success);

    public ValueTask<NbdResult> CacheAsync(long offset, long length, CancellationToken ct) => new(NbdResult.Success);

    public (NbdExtentKind Kind, long Length) ExtentAt(long offset, long length)
    {
        bool isThere = _isThere[offset / UnitBytes];
        long end = ((offset / UnitBytes) + 1) * UnitBytes;
        while (end < offset + length && _isThere[end / UnitBytes] == isThere)
        {
            end += UnitBytes;
        }

        NbdExtentKind kind = isThere ? NbdExtentKind.Data : NbdExtentKind.Hole | NbdExtentKind.Zero;
        return (kind, Math.Min(end - offset, length));
    }
}
