using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using RemoteSwap.Codec;
using RemoteSwap.Privacy;

namespace RemoteSwap.Client.Evictions;

/// <summary>
/// A file of pages in fixed places of 4 KiB, in groups of 64 with their headers before them, so that it may grow and
/// have another limit the next time.
/// <code>
/// [ whose it is: 4 KiB ][ 64 headers: 4 KiB ][ 64 pages: 256 KiB ][ 64 headers ][ 64 pages ] ...
/// </code>
/// <para>
/// A page is in the file from the moment in which its header is, and out of it from the moment in which that is
/// zeroes; a place is written to only while it has none. So whenever the process ends, each header tells the truth of
/// the bytes behind it. What it is not: durable beyond that, see <see cref="EvictionTarget"/>.
/// </para>
/// <para>Thread-safe: places are handed out under a lock of its own; a place has one user.</para>
/// </summary>
internal sealed class EvictionFile : IDisposable
{
    private const int GroupPlaces = 64;
    private const long GroupBytes = (1 + GroupPlaces) * (long)PageSize.Bytes;
    private const int AreaOffset = 32;
    private const int TenantOffset = 64;
    private const int SessionOffset = 96;
    private const int OwnerBytes = 128;

    private static readonly byte[] s_magic = "RemoteSwap eviction file 1\n"u8.ToArray();
    private static readonly byte[] s_nothing = new byte[ImageHeader.Bytes];

    private readonly Lock _gate = new();
    private readonly FileStream _stream;
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly uint _places;
    private readonly Stack<uint> _free = new();
    private uint _next;

    private EvictionFile(FileStream stream, string path, uint places)
    {
        _stream = stream;
        _file = stream.SafeFileHandle;
        _path = path;
        _places = places;
    }

    /// <summary>Places that are free.</summary>
    public long FreePlaces
    {
        get
        {
            lock (_gate)
            {
                return _free.Count + Math.Max(0, (long)_places - _next);
            }
        }
    }

    /// <summary>Opens a file, or makes it.</summary>
    /// <exception cref="IOException">It can not be had, or is another one's.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static EvictionFile Open(EvictionTarget target, string tenant, uint area)
    {
        FileStream stream = new(target.Path, PrivateFile.Options(
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite,
            more: FileOptions.Asynchronous | FileOptions.RandomAccess));
        try
        {
            // One that others could read is tightened: what they may have read, nobody can take back.
            _ = PrivateFile.Require(target.Path, stream.SafeFileHandle);
            byte[] owner = OwnerOf(tenant, area);
            RequireOwn(stream.SafeFileHandle, owner, target.Path);
            uint places = (uint)Math.Min(uint.MaxValue - GroupPlaces, target.LimitBytes / PageSize.Bytes);
            return new EvictionFile(stream, target.Path, places);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Whether all that a session has done, up to an epoch of it, was done with this file: then its pages are right. A
    /// session that was resumed without the file has a newer epoch since, and pages here may be older than what it did.
    /// </summary>
    /// <param name="token">The session's token.</param>
    /// <param name="epoch">The epoch with which the session is resumed.</param>
    public bool IsOfSession(ReadOnlySpan<byte> token, ulong epoch)
    {
        ReadOnlySpan<byte> written = ReadSessions();
        byte[] session = HashOf(token, epoch);
        return written[..SHA256.HashSizeInBytes].SequenceEqual(session)
            || written[SHA256.HashSizeInBytes..].SequenceEqual(session);
    }

    /// <summary>
    /// Says whose pages these are from now on, before anything is done with that epoch. The epoch before stays too: who
    /// is killed before the new one is noted elsewhere comes back with that.
    /// </summary>
    public void SetSession(ReadOnlySpan<byte> token, ulong epoch) => RandomAccess.Write(
        _file, [.. HashOf(token, epoch), .. ReadSessions()[..SHA256.HashSizeInBytes]], SessionOffset);

    /// <summary>Finds the pages that are in the file; all other places are free. To be called once, first.</summary>
    public List<(uint Place, ImageHeader Header)> Scan()
    {
        List<(uint, ImageHeader)> found = [];
        long groups = (RandomAccess.GetLength(_file) - PageSize.Bytes + GroupBytes - 1) / GroupBytes;
        byte[] headers = new byte[GroupPlaces * ImageHeader.Bytes];
        for (long group = 0; group < groups; group++)
        {
            Array.Clear(headers);
            _ = RandomAccess.Read(_file, headers, HeaderOffset((uint)(group * GroupPlaces)));
            for (int i = 0; i < GroupPlaces; i++)
            {
                uint place = (uint)((group * GroupPlaces) + i);
                if (ImageHeader.TryRead(headers.AsSpan(i * ImageHeader.Bytes), out ImageHeader header))
                {
                    found.Add((place, header));
                }
                else
                {
                    Free(place);
                }
            }
        }

        _next = (uint)(groups * GroupPlaces);
        return found;
    }

    /// <summary>Takes a place.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryReserve(out uint place)
    {
        lock (_gate)
        {
            if (_free.TryPop(out place))
            {
                return true;
            }

            place = _next;
            _next += place < _places ? 1u : 0u;
            return place < _places;
        }
    }

    /// <summary>Gives a place back that has no header.</summary>
    public void Free(uint place)
    {
        lock (_gate)
        {
            if (place < _places)
            {
                _free.Push(place);
            }
        }
    }

    /// <summary>Room for what <see cref="ReadAsync"/> reads: a header, and the longest zpage.</summary>
    public const int ReadBytes = ImageHeader.Bytes + ZpageLimits.MaxBytes;

    /// <summary>Writes a page's bytes, before its header, which has the end of a zpage that is longer.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public ValueTask WriteAsync(uint place, ReadOnlyMemory<byte> zpage, CancellationToken ct) =>
        RandomAccess.WriteAsync(_file, zpage[..Math.Min(zpage.Length, PageSize.Bytes)], PageOffset(place), ct);

    /// <summary>Puts a page into the file whose bytes are there.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Publish(uint place, in ImageHeader header, ReadOnlySpan<byte> zpage)
    {
        Span<byte> bytes = stackalloc byte[ImageHeader.Bytes];
        header.Write(bytes, header.IsLong ? zpage[PageSize.Bytes..] : default);
        RandomAccess.Write(_file, bytes, HeaderOffset(place));
    }

    /// <summary>
    /// Takes a page out of the file. Where even that can not be written the file is unlinked: what is open goes on, and
    /// nobody finds the page again later. Not where there is none: a full disk has refused its header, and the other
    /// pages stay.
    /// </summary>
    public void Remove(uint place)
    {
        try
        {
            RandomAccess.Write(_file, s_nothing, HeaderOffset(place));
        }
        catch (IOException) when (MayHold(place))
        {
            File.Delete(_path);
        }
        catch (IOException)
        {
            // Nothing was there, and nothing is.
        }
    }

    /// <summary>Reads a page.</summary>
    /// <param name="place">The place.</param>
    /// <param name="room">Room for <see cref="ReadBytes"/>: the header, and the zpage behind it.</param>
    /// <exception cref="IOException">It could not be read.</exception>
    public async ValueTask ReadAsync(uint place, Memory<byte> room)
    {
        Memory<byte> header = room[..ImageHeader.Bytes];
        Memory<byte> page = room.Slice(ImageHeader.Bytes, PageSize.Bytes);
        int read = await RandomAccess.ReadAsync(_file, header, HeaderOffset(place)).ConfigureAwait(false);

        // The last page of the file may be shorter than its place.
        _ = await RandomAccess.ReadAsync(_file, page, PageOffset(place)).ConfigureAwait(false);
        if (read != header.Length)
        {
            throw new IOException($"eviction file: read {read} of {header.Length} bytes of a header");
        }

        ImageHeader.TailOf(header.Span).CopyTo(room.Span[(ImageHeader.Bytes + PageSize.Bytes)..]);
    }

    /// <summary>Deletes the file; what is open goes on until it is closed.</summary>
    public void Delete() => File.Delete(_path);

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    // Of now, and the one before; zeroes: none.
    private byte[] ReadSessions()
    {
        byte[] written = new byte[2 * SHA256.HashSizeInBytes];
        _ = RandomAccess.Read(_file, written, SessionOffset);
        return written;
    }

    private static byte[] HashOf(ReadOnlySpan<byte> token, ulong epoch)
    {
        byte[] session = new byte[token.Length + sizeof(ulong)];
        token.CopyTo(session);
        BinaryPrimitives.WriteUInt64LittleEndian(session.AsSpan(token.Length), epoch);
        return SHA256.HashData(session);
    }

    private static byte[] OwnerOf(string tenant, uint area)
    {
        byte[] owner = new byte[OwnerBytes];
        s_magic.CopyTo(owner, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(owner.AsSpan(AreaOffset), area);
        SHA256.HashData(Encoding.UTF8.GetBytes(tenant)).CopyTo(owner, TenantOffset);
        return owner;
    }

    private bool MayHold(uint place)
    {
        Span<byte> header = stackalloc byte[ImageHeader.Bytes];
        try
        {
            header = header[..RandomAccess.Read(_file, header, HeaderOffset(place))];
            return header.ContainsAnyExcept((byte)0);
        }
        catch (IOException)
        {
            return true;
        }
    }

    // A file that is something else is a mistake of whoever named it.
    private static void RequireOwn(SafeFileHandle file, byte[] owner, string path)
    {
        byte[] written = new byte[SessionOffset];
        int read = RandomAccess.Read(file, written, 0);
        if (read == 0)
        {
            RandomAccess.Write(file, owner, 0);
            if (RandomAccess.Read(file, written, 0) < written.Length)
            {
                throw new IOException($"'{path}' does not keep what is written to it; name another path");
            }
        }
        else if (read < s_magic.Length || !written.AsSpan(0, s_magic.Length).SequenceEqual(s_magic))
        {
            throw new IOException($"'{path}' is there and is no eviction file; remove it or name another path");
        }
        else if (!written.AsSpan().SequenceEqual(owner.AsSpan(0, SessionOffset)))
        {
            throw new IOException($"'{path}' has pages of another tenant or area; name another path");
        }
    }

    private static long HeaderOffset(uint place) =>
        PageSize.Bytes + (place / GroupPlaces * GroupBytes) + (place % GroupPlaces * ImageHeader.Bytes);

    private static long PageOffset(uint place) =>
        PageSize.Bytes + (place / GroupPlaces * GroupBytes) + ((1 + (place % GroupPlaces)) * (long)PageSize.Bytes);
}
