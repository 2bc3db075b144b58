using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// A writeback target in one file: frame images in fixed places of 4 KiB (<see cref="SpillLayout"/>), neighbouring
/// places in one write.
/// <para>
/// Alone it extends memory for the life of one server: emptied at the start, deleted at the end. With a live book
/// beside it, it is kept: a later server goes on with the images that the book says are current, whether this one was
/// closed or killed. Readable for its owner only. Images are checked by whoever reads them, so a torn or foreign image
/// is found.
/// </para>
/// <para>
/// What it is not: durable while it is in use. Nothing is flushed but at <see cref="Dispose"/>: when the machine stops,
/// the pages are lost, as those in memory are.
/// </para>
/// <para>Thread-safe: places are handed out by <see cref="SpillPlaces"/>; one place has one writer.</para>
/// </summary>
public sealed class SpillFile : IWritebackTarget
{
    private readonly FileStream _stream;
    private readonly SafeFileHandle _file;
    private readonly SpillPlaces _places;
    private readonly LiveBook? _book;
    private bool _isDisposed;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file's path; its folder must exist.</param>
    /// <param name="limitBytes">Bytes of frame images that it may hold, at least 4,096.</param>
    /// <param name="bookPath">The live book's path; null: the file is not kept.</param>
    /// <exception cref="IOException">
    /// A file cannot be made, is there and is no such file, or is another server's.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be made.</exception>
    public SpillFile(string path, long limitBytes, string? bookPath = null)
        : this(path, limitBytes, bookPath, BootId.Read())
    {
    }

    /// <summary>Opens a file in a certain start of the machine.</summary>
    internal SpillFile(string path, long limitBytes, string? bookPath, Guid boot)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limitBytes, FrameArena.FrameBytes);
        int places = (int)Math.Min(int.MaxValue, limitBytes / FrameArena.FrameBytes);
        _places = new SpillPlaces(places);
        if (bookPath is null)
        {
            _stream = SpillStart.CreateAlone(path);
        }
        else
        {
            (_stream, _book, IsContinued) = SpillStart.OpenKept(path, bookPath, boot, (uint)places);
        }

        _file = _stream.SafeFileHandle;
    }

    /// <summary>Is told how long reads and writes took; null, the default: nobody is.</summary>
    public IStoreWatch? Watch { get; init; }

    /// <summary>Whether images of an earlier server may be in it.</summary>
    public bool IsContinued { get; }

    /// <inheritdoc/>
    public ILiveBook? Book => _book;

    /// <inheritdoc/>
    public long UsedBytes => (long)_places.Used * FrameArena.FrameBytes;

    /// <inheritdoc/>
    public long LimitBytes => (long)_places.Places * FrameArena.FrameBytes;

    /// <inheritdoc/>
    public void ReadUsers(SpillPlace first, Span<byte> users) => _places.ReadUsers(first, users);

    /// <inheritdoc/>
    public bool TryReserve(out SpillPlace place) => _places.TryReserve(out place);

    /// <inheritdoc/>
    public bool TryReserve(SpillPlace place) => _places.TryReserve(place);

    /// <inheritdoc/>
    public void AddUser(SpillPlace place) => _places.AddUser(place);

    /// <inheritdoc/>
    public void DropUser(SpillPlace place) => _places.DropUser(place);

    /// <inheritdoc/>
    public async ValueTask WriteAsync(
        ReadOnlyMemory<SpillPlace> places, ReadOnlyMemory<byte> frames, ReadOnlyMemory<byte> headers)
    {
        long began = Stopwatch.GetTimestamp();
        long bytes = 0;
        int first = 0;
        while (first < places.Length)
        {
            int count = SpillLayout.RunLength(places.Span[first..]);
            SpillPlace place = places.Span[first];
            ReadOnlyMemory<byte> own = headers.Slice(first * FrameHeader.Bytes, count * FrameHeader.Bytes);
            await RandomAccess.WriteAsync(
                _file,
                frames.Slice(first * FrameArena.FrameBytes, count * FrameArena.FrameBytes),
                SpillLayout.FrameOffset(place));
            bytes += count * FrameArena.FrameBytes;
            if (HasHeadless(own.Span))
            {
                bytes += own.Length;
                await RandomAccess.WriteAsync(_file, own, SpillLayout.HeaderOffset(place));
            }

            first += count;
        }

        Watch?.SpillWritten(Stopwatch.GetElapsedTime(began), bytes);
    }

    /// <inheritdoc/>
    public async ValueTask ReadAsync(SpillPlace place, Memory<byte> frame, Memory<byte> header)
    {
        long began = Stopwatch.GetTimestamp();
        await ReadWholeAsync(frame, SpillLayout.FrameOffset(place));
        if (!header.IsEmpty)
        {
            await ReadWholeAsync(header, SpillLayout.HeaderOffset(place));
        }

        Watch?.SpillRead(Stopwatch.GetElapsedTime(began), frame.Length + header.Length);
    }

    /// <summary>
    /// Closes the file; one that is kept is put on the disk first, so that it is believed after another start of the
    /// machine too. If that fails, it is believed in this one only.
    /// </summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        try
        {
            if (_book is not null)
            {
                _stream.Flush(flushToDisk: true);
                _book.Close();
            }
        }
        catch (IOException)
        {
            // As if the server had been killed; what it says of itself stays true.
        }
        finally
        {
            _book?.Dispose();
            _stream.Dispose();
        }
    }

    private static bool HasHeadless(ReadOnlySpan<byte> headers)
    {
        for (int offset = 0; offset < headers.Length; offset += FrameHeader.Bytes)
        {
            if (FrameHeader.KindOf(headers[offset..]) == FrameKind.Headless)
            {
                return true;
            }
        }

        return false;
    }

    private async ValueTask ReadWholeAsync(Memory<byte> target, long offset)
    {
        int read = await RandomAccess.ReadAsync(_file, target, offset);
        if (read != target.Length)
        {
            throw new IOException($"spill file: read {read} of {target.Length} bytes at {offset}");
        }
    }
}
