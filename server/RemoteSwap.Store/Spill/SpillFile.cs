using System.Buffers;
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
/// <para>
/// One that is not kept may be sealed (<see cref="SpillCipher"/>): its images lie one behind the other then, each with
/// its header.
/// </para>
/// <para>Thread-safe: places are handed out by <see cref="SpillPlaces"/>; one place has one writer.</para>
/// </summary>
public sealed class SpillFile : IWritebackTarget
{
    // Gigabytes may be on their way to the disk.
    private static readonly TimeSpan s_longestClose = TimeSpan.FromMinutes(5);

    private readonly FileStream _stream;
    private readonly SafeFileHandle _file;
    private readonly SpillPlaces _places;
    private readonly LiveBook? _book;
    private readonly SpillCipher? _cipher;
    private readonly List<string> _tightened = [];
    private bool _isDisposed;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file's path; its folder must exist.</param>
    /// <param name="limitBytes">Bytes of frame images that it may hold, at least 4,096.</param>
    /// <param name="bookPath">The live book's path; null: the file is not kept.</param>
    /// <param name="isSealed">Whether images are sealed; only of a file that is not kept.</param>
    /// <exception cref="IOException">
    /// A file cannot be made, is there and is no such file, or is another server's.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be made.</exception>
    public SpillFile(string path, long limitBytes, string? bookPath = null, bool isSealed = false)
        : this(path, limitBytes, bookPath, BootId.Read())
    {
        if (isSealed)
        {
            _cipher = bookPath is null
                ? new SpillCipher()
                : throw new ArgumentException("the key of a sealed file is not kept, so the file cannot be");
        }
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
            (_stream, _book, IsContinued) = SpillStart.OpenKept(path, bookPath, boot, (uint)places, _tightened);
        }

        _file = _stream.SafeFileHandle;
        Identity = bookPath is null ? null : new SpillIdentity(SpillStart.IdOf(_file), Path.GetFullPath(path));
    }

    /// <summary>Is told how long reads and writes took; null, the default: nobody is.</summary>
    public IStoreWatch? Watch { get; init; }

    /// <summary>What others could read and can not any more, in words.</summary>
    public IReadOnlyList<string> Tightened => _tightened;

    /// <summary>Whether images of an earlier server may be in it.</summary>
    public bool IsContinued { get; }

    /// <inheritdoc/>
    public ILiveBook? Book => _book;

    /// <inheritdoc/>
    public SpillIdentity? Identity { get; }

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
        long bytes = _cipher is null
            ? await WritePlainAsync(places, frames, headers)
            : await WriteSealedAsync(_cipher, places, frames, headers);
        Watch?.SpillWritten(Stopwatch.GetElapsedTime(began), bytes);
    }

    /// <inheritdoc/>
    public async ValueTask ReadAsync(SpillPlace place, Memory<byte> frame, Memory<byte> header)
    {
        long began = Stopwatch.GetTimestamp();
        if (_cipher is null)
        {
            await ReadWholeAsync(frame, SpillLayout.FrameOffset(place));
            if (!header.IsEmpty)
            {
                await ReadWholeAsync(header, SpillLayout.HeaderOffset(place));
            }
        }
        else
        {
            await ReadSealedAsync(_cipher, place, frame, header);
        }

        Watch?.SpillRead(Stopwatch.GetElapsedTime(began), frame.Length + header.Length);
    }

    private async ValueTask<long> WritePlainAsync(
        ReadOnlyMemory<SpillPlace> places, ReadOnlyMemory<byte> frames, ReadOnlyMemory<byte> headers)
    {
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

        return bytes;
    }

    private async ValueTask<long> WriteSealedAsync(
        SpillCipher cipher,
        ReadOnlyMemory<SpillPlace> places,
        ReadOnlyMemory<byte> frames,
        ReadOnlyMemory<byte> headers)
    {
        byte[] images = ArrayPool<byte>.Shared.Rent(places.Length * SpillCipher.SealedBytes);
        try
        {
            int first = 0;
            while (first < places.Length)
            {
                int count = SpillLayout.RunLength(places.Span[first..]);
                for (int image = 0; image < count; image++)
                {
                    cipher.Seal(
                        places.Span[first + image],
                        frames.Span.Slice((first + image) * FrameArena.FrameBytes, FrameArena.FrameBytes),
                        headers.Span.Slice((first + image) * FrameHeader.Bytes, FrameHeader.Bytes),
                        images.AsSpan(image * SpillCipher.SealedBytes, SpillCipher.SealedBytes));
                }

                await RandomAccess.WriteAsync(
                    _file,
                    images.AsMemory(0, count * SpillCipher.SealedBytes),
                    SpillCipher.OffsetOf(places.Span[first]));
                first += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(images);
        }

        return (long)places.Length * SpillCipher.SealedBytes;
    }

    // One that does not open is handed on as zeroes, which no image is: its reader finds it corrupt.
    private async ValueTask ReadSealedAsync(
        SpillCipher cipher, SpillPlace place, Memory<byte> frame, Memory<byte> header)
    {
        byte[] image = ArrayPool<byte>.Shared.Rent(SpillCipher.SealedBytes);
        try
        {
            await ReadWholeAsync(image.AsMemory(0, SpillCipher.SealedBytes), SpillCipher.OffsetOf(place));
            _ = cipher.TryOpen(place, image, frame.Span, header.Span);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(image);
        }
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
        _cipher?.Dispose();
        if (TryClose())
        {
            _book?.Dispose();
            _stream.Dispose();
        }
    }

    // Whether it is over: a disk that hangs is left to hang, and the book is not closed then, as after a kill.
    private bool TryClose()
    {
        if (_book is null)
        {
            return true;
        }

        Task closing = Task.Run(() =>
        {
            _stream.Flush(flushToDisk: true);
            _book.Close();
        });
        if (!((IAsyncResult)closing).AsyncWaitHandle.WaitOne(s_longestClose))
        {
            return false;
        }

        try
        {
            closing.GetAwaiter().GetResult();
        }
        catch (IOException)
        {
            // As if the server had been killed; what it says of itself stays true.
        }

        return true;
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
