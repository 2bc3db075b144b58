using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// The live book of a spill file: a second file beside it, mapped into memory, so that a mark is one store and survives
/// a process that is killed.
/// <code>
/// words 0 to 511          who it is: magic, version, id of the spill file (2 words), boot id (2 words), state
/// words 512 to 16,895     16 words a tenant: length of its name and whether it is trusted; its name
/// words from 16,896 on    one a place: its LiveMark
/// </code>
/// <para>
/// When it is believed. In the same start of the machine always: whatever the former process wrote is in the system's
/// cache. After another start only if it was closed (<see cref="Close"/>), with everything on the disk first. Else the
/// machine may have stopped with some of it written and some not, and a page could be an older one.
/// </para>
/// <para>
/// What it is not: a list of all pages. What was in memory only is in no book.
/// </para>
/// <para>Locks: none. A mark belongs to the shards whose zpages are in the place; the rest is written at the
/// start.</para>
/// </summary>
internal sealed class LiveBook : ILiveBook, IDisposable
{
    private const long StateWord = 6;
    private const int HeaderWords = 512;
    private const int TenantWords = 16;
    private const int MaxNameBytes = (TenantWords - 1) * sizeof(ulong);
    private const int TenantSlots = 1024;
    private const long FirstMark = HeaderWords + (TenantSlots * TenantWords);
    private const ulong Version = 1;
    private const ulong ClosedState = 0x6465736F6C43;
    private const ulong Distrusted = 1UL << 63;

    private readonly FileStream _stream;
    private readonly SharedWords _words;
    private volatile bool _isClosed;

    private LiveBook(FileStream stream, SharedWords words, uint places)
    {
        _stream = stream;
        _words = words;
        Places = places;
    }

    /// <summary>What a book begins with.</summary>
    public static ReadOnlySpan<byte> Magic => "RSwpLive"u8;

    /// <inheritdoc/>
    public uint Places { get; }

    /// <inheritdoc/>
    public LiveMark this[SpillPlace place] => new(_words[FirstMark + place.Value]);

    /// <summary>Goes on with the book of a spill file, if it can be believed.</summary>
    /// <param name="stream">The book's file.</param>
    /// <param name="spill">The spill file's id.</param>
    /// <param name="boot">The machine's start; all zeroes: not known.</param>
    /// <param name="places">Places that it must have marks for; it may have more.</param>
    /// <returns>The book; null: it is none, is another's, or can not be believed.</returns>
    public static LiveBook? TryContinue(FileStream stream, Guid spill, Guid boot, uint places)
    {
        byte[] header = new byte[HeaderWords * sizeof(ulong)];
        long marks = (RandomAccess.GetLength(stream.SafeFileHandle) / sizeof(ulong)) - FirstMark;
        if (marks < 1
            || marks > uint.MaxValue
            || RandomAccess.Read(stream.SafeFileHandle, header, 0) < header.Length
            || !IsBelieved(MemoryMarshal.Cast<byte, ulong>(header), spill, boot))
        {
            return null;
        }

        // In use, and on the disk as such, before the first mark changes.
        WriteHeader(stream, spill, boot);
        return Map(stream, Math.Max(places, (uint)marks));
    }

    /// <summary>Begins the book of a new spill file, in an empty file.</summary>
    public static LiveBook Create(FileStream stream, Guid spill, Guid boot, uint places)
    {
        LiveBook book = Map(stream, places);
        WriteHeader(stream, spill, boot);
        return book;
    }

    /// <inheritdoc/>
    public void Set(SpillPlace place, Buddy buddy, uint imageChecksum, bool isHeadless)
    {
        Reopen();
        long word = FirstMark + place.Value;
        LiveMark mark = new(_words[word]);
        if (mark.IsNone || mark.ImageChecksum != imageChecksum)
        {
            _words[word] = LiveMark.Of(buddy, imageChecksum, isHeadless).Word;
        }
        else
        {
            _words.Set(word, LiveMark.BitOf(buddy));
        }
    }

    /// <inheritdoc/>
    public void Clear(SpillPlace place, Buddy buddy)
    {
        Reopen();
        _words.Clear(FirstMark + place.Value, LiveMark.BitOf(buddy));
    }

    /// <inheritdoc/>
    public uint[] NumberTenants(IReadOnlyList<string> names)
    {
        Dictionary<string, uint> known = new(StringComparer.Ordinal);
        for (uint number = 0; number < TenantSlots; number++)
        {
            if (NameOf(number) is { Length: > 0 } name)
            {
                known[name] = number;
            }
        }

        string[] unknown = [.. names.Where(name => !known.ContainsKey(name))];
        if (known.Count + unknown.Length > Tenant.MaxTenants)
        {
            // Too many came and went: all begins anew, and no image means anybody any more.
            ForgetAll();
            known.Clear();
            unknown = [.. names];
        }

        uint free = 0;
        foreach (string name in unknown)
        {
            while (NameOf(free).Length > 0)
            {
                free++;
            }

            SetName(free, name);
            known.Add(name, free);
        }

        return [.. names.Select(name => known[name])];
    }

    /// <inheritdoc/>
    public void Distrust(uint tenant) => _words.Set(TenantWord(tenant), Distrusted);

    /// <inheritdoc/>
    public void Trust(uint tenant) => _words.Clear(TenantWord(tenant), Distrusted);

    /// <inheritdoc/>
    public bool IsTrusted(uint tenant) =>
        tenant < TenantSlots && NameOf(tenant).Length > 0 && (_words[TenantWord(tenant)] & Distrusted) == 0;

    /// <summary>
    /// Puts everything on the disk and says so, so that it is believed after another start of the machine too. The
    /// spill file must be on the disk already. A mark that changes afterwards takes that back.
    /// </summary>
    /// <exception cref="IOException">It is not on the disk.</exception>
    public void Close()
    {
        _stream.Flush(flushToDisk: true);
        _words[StateWord] = ClosedState;
        _isClosed = true;
        _stream.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static bool IsBelieved(ReadOnlySpan<ulong> header, Guid spill, Guid boot)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(header);
        bool isSame = bytes.StartsWith(Magic) && header[1] == Version && new Guid(bytes[16..32]) == spill;
        return isSame
            && (header[(int)StateWord] == ClosedState || (boot != Guid.Empty && new Guid(bytes[32..48]) == boot));
    }

    private static void WriteHeader(FileStream stream, Guid spill, Guid boot)
    {
        byte[] header = new byte[(StateWord + 1) * sizeof(ulong)];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), Version);
        spill.TryWriteBytes(header.AsSpan(16));
        boot.TryWriteBytes(header.AsSpan(32));
        RandomAccess.Write(stream.SafeFileHandle, header, 0);
        stream.Flush(flushToDisk: true);
    }

    // Every page of the file is written before it is mapped: one that the disk had no room for would end the process
    // when it is touched.
    private static LiveBook Map(FileStream stream, uint places)
    {
        long bytes = (FirstMark + places) * sizeof(ulong);
        byte[] zeroes = new byte[FrameArena.FrameBytes * 16];
        for (long offset = RandomAccess.GetLength(stream.SafeFileHandle); offset < bytes; offset += zeroes.Length)
        {
            int count = (int)Math.Min(zeroes.Length, bytes - offset);
            RandomAccess.Write(stream.SafeFileHandle, zeroes.AsSpan(0, count), offset);
        }

        return new LiveBook(stream, new SharedWords(stream.SafeFileHandle, FirstMark + places), places);
    }

    private static long TenantWord(uint tenant) => HeaderWords + ((long)tenant * TenantWords);

    private void Reopen()
    {
        if (_isClosed)
        {
            _words[StateWord] = 0;
        }
    }

    private void ForgetAll()
    {
        for (long word = HeaderWords; word < _words.Count; word++)
        {
            _words[word] = 0;
        }
    }

    private string NameOf(uint tenant)
    {
        int length = Math.Min((int)(byte)_words[TenantWord(tenant)], MaxNameBytes);
        Span<ulong> name = stackalloc ulong[TenantWords - 1];
        for (int word = 0; word < name.Length; word++)
        {
            name[word] = _words[TenantWord(tenant) + 1 + word];
        }

        return Encoding.UTF8.GetString(MemoryMarshal.AsBytes(name)[..length]);
    }

    private void SetName(uint tenant, string name)
    {
        Span<ulong> words = stackalloc ulong[TenantWords - 1];
        words.Clear();
        int length = Encoding.UTF8.GetBytes(name, MemoryMarshal.AsBytes(words));
        for (int word = 0; word < words.Length; word++)
        {
            _words[TenantWord(tenant) + 1 + word] = words[word];
        }

        // The length last: a name counts once it is whole.
        _words[TenantWord(tenant)] = (ulong)length;
    }
}
