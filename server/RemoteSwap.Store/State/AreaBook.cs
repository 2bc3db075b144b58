using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace RemoteSwap.Store;

/// <summary>
/// The book of areas: one file that says who owns which area, so that who was fenced stays fenced after a restart and
/// whoever owned an area can go on. Records are appended, each on the medium before the change that it tells of is
/// answered; of two for one area the later one holds.
/// <code>
/// magic line
/// records   4 bytes length | 4 bytes CRC-32 of what follows | 1 byte kind | content
///   1 life    the incarnation                     first, and once
///   2 area    an AreaRecord
///   3 drain   the incarnation, the drain's number last: all that was in memory is in that drain's images
/// </code>
/// <para>
/// A last record that is not whole is an append that was never answered, and is passed over. A record in the middle
/// that is not whole is damage, and then the book is not believed at all.
/// </para>
/// <para>
/// The file is written anew, without what is out of date, at the start, at a drain, and when it has grown; written
/// beside the old one and renamed. Whatever fails leaves the book as it was and is an <see cref="IOException"/>: a
/// change that is not in the book does not happen.
/// </para>
/// <para>
/// Locks: <c>_gate</c> guards everything and is held over the I/O of a record; taken inside that of
/// <see cref="AreaSessions"/>, and nothing is taken under it. Never under a shard's lock.
/// </para>
/// </summary>
internal sealed class AreaBook : IDisposable
{
    // An append costs one record; the file is written anew when what is out of date is most of it.
    private const int GrowthBytes = 64 << 10;
    private const int FrameBytes = 2 * sizeof(uint);

    private static readonly byte[] s_magic = "RemoteSwap areas 1\n"u8.ToArray();

    private readonly string _path;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<(string Tenant, uint Area), AreaRecord> _latest = [];
    private FileStream? _file;
    private Incarnation _life;
    private long _compactBytes;

    private AreaBook(string path) => _path = path;

    private enum RecordKind : byte
    {
        None = 0,
        Life = 1,
        Area = 2,
        Drain = 3,
    }

    /// <summary>The life that wrote the book; none: there is no book yet.</summary>
    public Incarnation LastLife { get; private set; }

    /// <summary>The drain with which that life ended; null: it did not end with one.</summary>
    public ulong? Drain { get; private set; }

    /// <summary>The newest number that was ever given to a life or to an owner.</summary>
    public ulong Newest => Math.Max(
        LastLife.Value, _latest.Values.Select(area => area.LastOwner.Value).DefaultIfEmpty().Max());

    /// <summary>The areas, as the last life left them.</summary>
    public IReadOnlyCollection<AreaRecord> Areas => _latest.Values;

    /// <summary>Reads a book, if there is one.</summary>
    /// <exception cref="StateException">It is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static AreaBook Open(string path)
    {
        AreaBook book = new(path);
        if (File.Exists(path))
        {
            book.Read(File.ReadAllBytes(path));
        }

        return book;
    }

    /// <summary>
    /// Begins a life: the book is written anew, with the areas as they are now and without the mark of a drain. From
    /// here on what that drain wrote is of no use to anybody.
    /// </summary>
    /// <param name="life">This life.</param>
    /// <param name="areas">The areas that this life knows. Others stay in the book, without pages.</param>
    public void Begin(Incarnation life, IEnumerable<AreaRecord> areas)
    {
        lock (_gate)
        {
            _life = life;
            foreach (AreaRecord unknown in _latest.Values.ToArray())
            {
                _latest[(unknown.Tenant, unknown.Area.Value)] = unknown.AfterCrash(life);
            }

            Rewrite(areas, drain: null);
        }
    }

    /// <summary>Writes a change down.</summary>
    /// <exception cref="IOException">It could not be written; the book is as it was.</exception>
    public void Append(AreaRecord area)
    {
        lock (_gate)
        {
            FileStream file = _file ?? throw new IOException(
                $"'{_path}' takes no changes: it was ended, or could not be put right after an error");
            long end = file.Length;
            using MemoryStream record = new();
            Add(record, area);
            try
            {
                file.Position = end;
                file.Write(record.GetBuffer().AsSpan(0, (int)record.Length));
                file.Flush(flushToDisk: true);
            }
            catch (IOException)
            {
                TakeBack(file, end);
                throw;
            }

            _latest[(area.Tenant, area.Area.Value)] = area;
            if (file.Length > (2 * _compactBytes) + GrowthBytes)
            {
                TryShorten();
            }
        }
    }

    /// <summary>Ends a life: all areas as they are, and the mark that the drain of that number has all pages.</summary>
    public void End(IEnumerable<AreaRecord> areas, ulong drain)
    {
        lock (_gate)
        {
            Rewrite(areas, drain);
            _file!.Dispose();
            _file = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    // What was appended is true, whether what is out of date goes or stays.
    private void TryShorten()
    {
        try
        {
            Rewrite([], drain: null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Whichever of both has the name now, it says the same; records behind the other would be nobody's.
            _file?.Dispose();
            _file = TryOpen();
        }
    }

    private FileStream? TryOpen()
    {
        try
        {
            return new FileStream(_path, DurableFile.Options(FileMode.Open));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Then nothing more is written, as after a record that could not be taken back.
            return null;
        }
    }

    // A record that is there in part would hide those after it.
    private void TakeBack(FileStream file, long end)
    {
        try
        {
            file.SetLength(end);
        }
        catch (IOException)
        {
            // Nothing can be written after it, so nothing is: changes of owners fail until the server is restarted.
            _file = null;
            file.Dispose();
        }
    }

    private void Rewrite(IEnumerable<AreaRecord> areas, ulong? drain)
    {
        foreach (AreaRecord area in areas)
        {
            _latest[(area.Tenant, area.Area.Value)] = area;
        }

        using MemoryStream book = new();
        book.Write(s_magic);
        Add(book, RecordKind.Life, writer => writer.Write(_life.Value));
        foreach (AreaRecord area in _latest.Values)
        {
            Add(book, area);
        }

        if (drain is { } number)
        {
            Add(book, RecordKind.Drain, writer =>
            {
                writer.Write(_life.Value);
                writer.Write(number);
            });
        }

        FileStream file = DurableFile.Replace(_path, book.GetBuffer().AsSpan(0, (int)book.Length));
        _file?.Dispose();
        _file = file;
        _compactBytes = file.Length;
    }

    private static void Add(MemoryStream book, AreaRecord area) => Add(book, RecordKind.Area, area.Write);

    private static void Add(MemoryStream book, RecordKind kind, Action<BinaryWriter> write)
    {
        using MemoryStream content = new();
        using (BinaryWriter writer = new(content, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write((byte)kind);
            write(writer);
        }

        ReadOnlySpan<byte> bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        Span<byte> frame = stackalloc byte[FrameBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, (uint)bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[sizeof(uint)..], Crc32.HashToUInt32(bytes));
        book.Write(frame);
        book.Write(bytes);
    }

    private void Read(byte[] book)
    {
        if (!book.AsSpan().StartsWith(s_magic))
        {
            throw new StateException($"'{_path}' is there and is no book of areas of this version");
        }

        int offset = s_magic.Length;
        while (TryReadFrame(book, offset, out ReadOnlyMemory<byte> content))
        {
            using BinaryReader reader = new(new MemoryStream(content.ToArray()), Encoding.UTF8);
            try
            {
                Take(reader);
            }
            catch (Exception failure) when (
                failure is IOException or InvalidDataException or ArgumentException or FormatException)
            {
                throw Damage(offset);
            }

            offset += FrameBytes + content.Length;
        }
    }

    private void Take(BinaryReader reader)
    {
        Drain = null;
        switch ((RecordKind)reader.ReadByte())
        {
            case RecordKind.Life:
                LastLife = new Incarnation(reader.ReadUInt64());
                break;
            case RecordKind.Area:
                AreaRecord area = AreaRecord.Read(reader);
                _latest[(area.Tenant, area.Area.Value)] = area;
                break;
            case RecordKind.Drain when reader.ReadUInt64() == LastLife.Value:
                Drain = reader.ReadUInt64();
                break;
            default:
                throw new InvalidDataException("a record of no known kind");
        }
    }

    private bool TryReadFrame(byte[] book, int offset, out ReadOnlyMemory<byte> content)
    {
        content = default;
        int left = book.Length - offset;
        if (left < FrameBytes)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(book.AsSpan(offset));
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(book.AsSpan(offset + sizeof(uint)));
        if (length is 0 or > AreaRecord.MaxBytes)
        {
            // Zeroes are what a file is made of that grew and was not written.
            return book.AsSpan(offset).ContainsAnyExcept((byte)0) ? throw Damage(offset) : false;
        }

        if (left < FrameBytes + length)
        {
            return false;
        }

        content = book.AsMemory(offset + FrameBytes, (int)length);
        if (Crc32.HashToUInt32(content.Span) == checksum)
        {
            return true;
        }

        return left == FrameBytes + length ? false : throw Damage(offset);
    }

    private StateException Damage(int offset) => new(
        $"'{_path}' is damaged at byte {offset}: who owns which area is not known. Bring the file back from a copy, or "
        + "move it away to begin without; then clients that had lost their area may take it again");
}
