using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RemoteSwap.Wire;

/// <summary>
/// Reads a protobuf message field by field where it lies, in as many pieces as the transport left it in. Columns go
/// straight into the caller's arrays; `bytes` are handed out as a slice, uncopied.
/// <para>
/// What it is not: a general parser. It reads the few kinds of fields that the hot messages have, and skips all others,
/// so a message of a newer version can be read. It allocates nothing and throws nothing: bytes that are no message make
/// <see cref="IsMalformed"/> true, once and for good, and everything read after that is zero.
/// </para>
/// <para>
/// What the format demands of a reader holds here: a column may come packed or one by one and in several pieces; of a
/// single field the last one counts; numbers may be longer than they need be, up to ten bytes.
/// </para>
/// </summary>
public ref struct MessageReader
{
    private const int MaxVarintBytes = 10;
    private const int FieldShift = 3;
    private const uint TypeMask = 7;
    private const ulong MoreBits = 0x8080_8080_8080_8080;

    private readonly ReadOnlySequence<byte> _message;
    private SequencePosition _next;
    private ReadOnlySpan<byte> _span;
    private int _read;

    // Bytes of the message before _span, and all of them.
    private long _before;
    private readonly long _length;

    /// <summary>Begins to read.</summary>
    /// <param name="message">The message's bytes, without the transport's prefix.</param>
    public MessageReader(ReadOnlySequence<byte> message)
    {
        _message = message;
        _length = message.Length;
        _next = message.Start;
        _span = default;
        Advance();
    }

    /// <summary>Whether the bytes are no message.</summary>
    public bool IsMalformed { get; private set; }

    private readonly long Position => _before + _read;

    private readonly long Left => _length - _before - _read;

    /// <summary>Reads the number and layout of the next field.</summary>
    /// <returns>Whether there is one; false at the end, and where the bytes are no message.</returns>
    public bool TryReadTag(out int field, out WireType type)
    {
        field = 0;
        type = default;
        if (Left == 0 || IsMalformed)
        {
            return false;
        }

        ulong tag = ReadVarint();
        field = (int)(uint)(tag >> FieldShift);
        type = (WireType)(tag & TypeMask);
        if (field == 0 || tag > uint.MaxValue)
        {
            IsMalformed = true;
        }

        return !IsMalformed;
    }

    /// <summary>Reads a variable-length number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadVarint() =>
        _read + sizeof(ulong) <= _span.Length && TryDecode(_span[_read..], out ulong value, out int bytes)
            ? Take(value, bytes)
            : ReadVarintSlowly();

    /// <summary>Reads `bytes`, or a message within the message, without copying.</summary>
    public ReadOnlySequence<byte> ReadBytes()
    {
        int bytes = ReadLength();
        if (bytes == 0)
        {
            return ReadOnlySequence<byte>.Empty;
        }

        ReadOnlySequence<byte> slice = _message.Slice(Position, bytes);
        Skip(bytes);
        return slice;
    }

    /// <summary>Reads a number, or numbers, of a column of numbers.</summary>
    /// <param name="type">The layout that the tag told: packed or single.</param>
    /// <param name="column">Room for the column.</param>
    /// <param name="count">
    /// Elements so far; those beyond the room are counted and dropped, so that the caller can tell how many came.
    /// </param>
    public void ReadColumn(WireType type, scoped Span<ulong> column, ref int count)
    {
        if (type != WireType.Length)
        {
            ulong single = ReadSingle(type);
            Put(column, ref count, single);
            return;
        }

        long end = ReadLength() + Position;
        while (Position < end && !IsMalformed)
        {
            ulong value = ReadVarint();
            Put(column, ref count, value);
        }

        IsMalformed |= Position != end;
    }

    /// <summary>
    /// Reads a column of 32-bit numbers or enumeration values; the upper bits of longer ones are lost.
    /// </summary>
    public void ReadColumn(WireType type, scoped Span<uint> column, ref int count)
    {
        if (type != WireType.Length)
        {
            ulong single = ReadSingle(type);
            Put(column, ref count, (uint)single);
            return;
        }

        long end = ReadLength() + Position;
        while (Position < end && !IsMalformed)
        {
            ulong value = ReadVarint();
            Put(column, ref count, (uint)value);
        }

        IsMalformed |= Position != end;
    }

    /// <summary>Reads a column of numbers of four bytes each.</summary>
    public void ReadFixedColumn(WireType type, scoped Span<uint> column, ref int count)
    {
        int bytes = type == WireType.Length ? ReadLength() : sizeof(uint);
        int elements = bytes / sizeof(uint);
        if (bytes % sizeof(uint) != 0 || Left < bytes || type is WireType.Varint or WireType.Fixed64)
        {
            IsMalformed = true;
            return;
        }

        int room = Math.Clamp(column.Length - count, 0, elements);
        scoped Span<uint> target = column.Slice(Math.Min(count, column.Length), room);
        Copy(MemoryMarshal.AsBytes(target));
        if (!BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(target, target);
        }

        Skip((elements - room) * sizeof(uint));
        count += elements;
    }

    /// <summary>Passes over a field that the caller does not know.</summary>
    public void Skip(WireType type)
    {
        switch (type)
        {
            case WireType.Varint:
                ReadVarint();
                break;
            case WireType.Fixed64:
                Skip(sizeof(ulong));
                break;
            case WireType.Length:
                Skip(ReadLength());
                break;
            case WireType.Fixed32:
                Skip(sizeof(uint));
                break;
            default:
                // Groups, which no version of these messages had.
                IsMalformed = true;
                break;
        }
    }

    private static void Put<T>(Span<T> column, ref int count, T value)
    {
        if ((uint)count < (uint)column.Length)
        {
            column[count] = value;
        }

        count++;
    }

    // Up to eight bytes at once: find the byte without a "more" bit, cut there, and close the gaps of the other bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryDecode(ReadOnlySpan<byte> span, out ulong value, out int bytes)
    {
        ulong word = BinaryPrimitives.ReadUInt64LittleEndian(span);
        ulong last = ~word & MoreBits;
        if (last == 0)
        {
            value = 0;
            bytes = 0;
            return false;
        }

        bytes = (BitOperations.TrailingZeroCount(last) + 1) / 8;
        word &= (last ^ (last - 1)) & ~MoreBits;
        word = ((word & 0x7F00_7F00_7F00_7F00) >> 1) | (word & 0x007F_007F_007F_007F);
        word = ((word & 0x3FFF_0000_3FFF_0000) >> 2) | (word & 0x0000_3FFF_0000_3FFF);
        value = ((word & 0x0FFF_FFFF_0000_0000) >> 4) | (word & 0x0000_0000_0FFF_FFFF);
        return true;
    }

    private ulong Take(ulong value, int bytes)
    {
        _read += bytes;
        return value;
    }

    private ulong ReadVarintSlowly()
    {
        ulong value = 0;
        for (int index = 0; index < MaxVarintBytes; index++)
        {
            if (Left == 0)
            {
                break;
            }

            if (_read == _span.Length)
            {
                Advance();
            }

            byte part = _span[_read++];
            value |= (ulong)(part & 0x7F) << (7 * index);
            if (part < 0x80)
            {
                return IsMalformed ? 0 : value;
            }
        }

        IsMalformed = true;
        return 0;
    }

    private ulong ReadSingle(WireType type)
    {
        if (type == WireType.Varint)
        {
            return ReadVarint();
        }

        IsMalformed = true;
        return 0;
    }

    private int ReadLength()
    {
        ulong bytes = ReadVarint();
        if (bytes > (ulong)Left)
        {
            IsMalformed = true;
            return 0;
        }

        return (int)bytes;
    }

    private void Copy(scoped Span<byte> target)
    {
        while (!target.IsEmpty)
        {
            if (_read == _span.Length)
            {
                Advance();
            }

            ReadOnlySpan<byte> part = _span[_read..];
            part = part[..Math.Min(part.Length, target.Length)];
            part.CopyTo(target);
            target = target[part.Length..];
            _read += part.Length;
        }
    }

    private void Skip(int bytes)
    {
        if (bytes > Left)
        {
            IsMalformed = true;
            return;
        }

        while (bytes > _span.Length - _read)
        {
            bytes -= _span.Length - _read;
            _read = _span.Length;
            Advance();
        }

        _read += bytes;
    }

    private void Advance()
    {
        _before += _span.Length;
        _read = 0;
        _span = default;
        while (_span.IsEmpty && _message.TryGet(ref _next, out ReadOnlyMemory<byte> piece))
        {
            _span = piece.Span;
        }
    }
}
