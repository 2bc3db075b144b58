using Microsoft.Win32.SafeHandles;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// A writeback target in one file: frame images in fixed places of 4 KiB, neighbouring places in one write.
/// <code>
/// [ magic: 4 KiB ][ headers: 64 bytes a place ][ frames: 4,096 bytes a place ]
/// </code>
/// <para>
/// What it is not: durable. It extends memory for the life of one server; it is emptied at the start and deleted at the
/// end, readable for its owner only. Images are checked by whoever reads them, so a torn or foreign image is found.
/// </para>
/// <para>Thread-safe: places are handed out by <see cref="SpillPlaces"/>; one place has one writer.</para>
/// </summary>
public sealed class SpillFile : IWritebackTarget
{
    private const long HeadersOffset = FrameArena.FrameBytes;

    private static readonly byte[] s_magic = "RemoteSwap spill file 1\n"u8.ToArray();

    private readonly FileStream _stream;
    private readonly SafeFileHandle _file;
    private readonly SpillPlaces _places;
    private readonly long _framesOffset;

    /// <summary>Creates the file, or empties it.</summary>
    /// <param name="path">The file's path; its folder must exist.</param>
    /// <param name="limitBytes">Bytes of frame images that it may hold, at least 4,096.</param>
    /// <exception cref="IOException">The file cannot be created, or is there and no spill file.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be created.</exception>
    public SpillFile(string path, long limitBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limitBytes, FrameArena.FrameBytes);
        int places = (int)Math.Min(int.MaxValue, limitBytes / FrameArena.FrameBytes);
        _places = new SpillPlaces(places);
        _framesOffset = HeadersOffset + RoundUp((long)places * FrameHeader.Bytes);
        _stream = Open(path);
        _file = _stream.SafeFileHandle;
        RandomAccess.Write(_file, s_magic, 0);
    }

    /// <inheritdoc/>
    public long UsedBytes => (long)_places.Used * FrameArena.FrameBytes;

    /// <inheritdoc/>
    public long LimitBytes => (long)_places.Places * FrameArena.FrameBytes;

    /// <inheritdoc/>
    public bool TryReserve(out SpillPlace place) => _places.TryReserve(out place);

    /// <inheritdoc/>
    public void AddUser(SpillPlace place) => _places.AddUser(place);

    /// <inheritdoc/>
    public void DropUser(SpillPlace place) => _places.DropUser(place);

    /// <inheritdoc/>
    public async ValueTask WriteAsync(
        ReadOnlyMemory<SpillPlace> places, ReadOnlyMemory<byte> frames, ReadOnlyMemory<byte> headers)
    {
        int first = 0;
        while (first < places.Length)
        {
            int count = RunLength(places.Span[first..]);
            SpillPlace place = places.Span[first];
            await RandomAccess.WriteAsync(
                _file,
                frames.Slice(first * FrameArena.FrameBytes, count * FrameArena.FrameBytes),
                FrameOffset(place));
            await RandomAccess.WriteAsync(
                _file, headers.Slice(first * FrameHeader.Bytes, count * FrameHeader.Bytes), HeaderOffset(place));
            first += count;
        }
    }

    /// <inheritdoc/>
    public async ValueTask ReadAsync(SpillPlace place, Memory<byte> frame, Memory<byte> header)
    {
        await ReadWholeAsync(frame, FrameOffset(place));
        await ReadWholeAsync(header, HeaderOffset(place));
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static FileStream Open(string path)
    {
        // An old file would keep its mode when opened for truncation, and a link would be followed.
        DeleteOwn(path);
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous | FileOptions.RandomAccess | FileOptions.DeleteOnClose,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    // Only what a server left behind is deleted; a path that names anything else is a mistake of the operator's.
    private static void DeleteOwn(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        // Open for writing too: for reading alone it would wait at a pipe.
        byte[] start = new byte[s_magic.Length];
        using (SafeFileHandle old = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite))
        {
            _ = RandomAccess.Read(old, start, 0);
        }

        if (!start.AsSpan().SequenceEqual(s_magic))
        {
            throw new IOException($"'{path}' is there and is no spill file; remove it or name another path");
        }

        File.Delete(path);
    }

    private static int RunLength(ReadOnlySpan<SpillPlace> places)
    {
        int count = 1;
        while (count < places.Length && places[count].Value == places[count - 1].Value + 1)
        {
            count++;
        }

        return count;
    }

    private static long RoundUp(long bytes) =>
        (bytes + FrameArena.FrameBytes - 1) / FrameArena.FrameBytes * FrameArena.FrameBytes;

    private static long HeaderOffset(SpillPlace place) => HeadersOffset + ((long)place.Value * FrameHeader.Bytes);

    private long FrameOffset(SpillPlace place) => _framesOffset + ((long)place.Value * FrameArena.FrameBytes);

    private async ValueTask ReadWholeAsync(Memory<byte> target, long offset)
    {
        int read = await RandomAccess.ReadAsync(_file, target, offset);
        if (read != target.Length)
        {
            throw new IOException($"spill file: read {read} of {target.Length} bytes at {offset}");
        }
    }
}
