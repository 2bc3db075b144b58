using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RemoteSwap.Wire;

/// <summary>
/// Writes a protobuf message into room that the caller has, front to back, in one pass.
/// <para>
/// The trick that makes one pass possible: the length of a field whose content is not written yet takes a fixed number
/// of bytes (a number on the wire may be longer than it need be) and is filled in when the field ends. So zpages can be
/// compressed, or copied from frames, right into the place in the message from which they are sent. Costs a byte or
/// two a column; any reader of the format understands it.
/// </para>
/// <para>Room is the caller's duty: <see cref="ColumnBytes"/> and the like say how much is enough.</para>
/// </summary>
public ref struct MessageWriter
{
    /// <summary>
    /// Bytes of a tag and the length of a field that is opened: enough for 2^28 - 1 bytes of content.
    /// </summary>
    public const int OpenBytes = 1 + LongLengthBytes;

    private const int LongLengthBytes = 4;
    private const int ColumnLengthBytes = 2;
    private const int MaxColumnContentBytes = (1 << (7 * ColumnLengthBytes)) - 1;
    /// <summary>The most bytes of a number.</summary>
    public const int MaxNumberBytes = 10;

    private const byte ContinuationBit = 0x80;
    private const int BitsPerByte = 7;
    private const int MaxVarintBytes = MaxNumberBytes;
    private const int MaxOneByteField = 15;
    private const int FieldShift = 3;

    private readonly Span<byte> _room;

    /// <summary>Begins to write.</summary>
    /// <param name="room">Room for the message.</param>
    public MessageWriter(Span<byte> room) => _room = room;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>What has been written.</summary>
    public readonly ReadOnlySpan<byte> Written => _room[..Length];

    /// <summary>
    /// What is left of the room, for content that is written from outside; see <see cref="Advance"/>.
    /// </summary>
    public readonly Span<byte> Rest => _room[Length..];

    /// <summary>The most bytes that a column of numbers takes.</summary>
    /// <param name="count">Elements; at most 1,600.</param>
    /// <param name="maxBytesEach">Bytes of the largest number.</param>
    public static int ColumnBytes(int count, int maxBytesEach) => 1 + ColumnLengthBytes + (count * maxBytesEach);

    /// <summary>Counts bytes that were written to <see cref="Rest"/>.</summary>
    public void Advance(int bytes) => Length += bytes;

    /// <summary>Writes a number that is not zero; zero is what an absent one means.</summary>
    public void WriteNumber(int field, ulong value)
    {
        if (value != 0)
        {
            WriteTag(field, WireType.Varint);
            WriteVarint(value);
        }
    }

    /// <summary>
    /// Writes a number in <see cref="MaxNumberBytes"/> whatever it is, so that another can be put in its place.
    /// </summary>
    /// <returns>Where its bytes are, for <see cref="Replace"/>.</returns>
    public int WriteReplaceable(int field, ulong value)
    {
        WriteTag(field, WireType.Varint);
        int at = Length;
        Length += MaxNumberBytes;
        Replace(_room[at..], value);
        return at;
    }

    /// <summary>Puts a number in the place of one that <see cref="WriteReplaceable"/> has written.</summary>
    /// <param name="place">The message from there on.</param>
    /// <param name="value">The number.</param>
    public static void Replace(Span<byte> place, ulong value)
    {
        for (int i = 0; i < MaxNumberBytes - 1; i++)
        {
            place[i] = (byte)(value | ContinuationBit);
            value >>= BitsPerByte;
        }

        place[MaxNumberBytes - 1] = (byte)value;
    }

    /// <summary>Writes a string's or a message's bytes if there are any.</summary>
    public void WriteBytes(int field, scoped ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            WriteTag(field, WireType.Length);
            WriteVarint((ulong)bytes.Length);
            bytes.CopyTo(Rest);
            Length += bytes.Length;
        }
    }

    /// <summary>Writes the tag and the length of bytes that the caller puts behind the message.</summary>
    public void WriteLength(int field, int bytes)
    {
        WriteTag(field, WireType.Length);
        WriteVarint((ulong)bytes);
    }

    /// <summary>Opens a field whose length is told by <see cref="Close"/>.</summary>
    /// <returns>What to give to <see cref="Close"/>.</returns>
    public int Open(int field)
    {
        WriteTag(field, WireType.Length);
        Length += LongLengthBytes;
        return Length;
    }

    /// <summary>Ends a field: everything since it was opened is its content.</summary>
    public readonly void Close(int opened) =>
        WriteFixedVarint(_room.Slice(opened - LongLengthBytes, LongLengthBytes), Length - opened);

    /// <summary>Writes a column of numbers.</summary>
    public void WriteColumn(int field, scoped ReadOnlySpan<ulong> column)
    {
        if (column.IsEmpty)
        {
            return;
        }

        int start = BeginColumn(field);
        foreach (ulong value in column)
        {
            WriteVarint(value);
        }

        EndColumn(start);
    }

    /// <summary>Writes a column of small numbers or enumeration values.</summary>
    public void WriteColumn(int field, scoped ReadOnlySpan<uint> column)
    {
        if (column.IsEmpty)
        {
            return;
        }

        int start = BeginColumn(field);
        foreach (uint value in column)
        {
            WriteVarint(value);
        }

        EndColumn(start);
    }

    /// <summary>Writes a column of numbers below 128, such as outcomes and encodings.</summary>
    public void WriteColumn(int field, scoped ReadOnlySpan<byte> column)
    {
        if (column.IsEmpty)
        {
            return;
        }

        int start = BeginColumn(field);
        column.CopyTo(Rest);
        Length += column.Length;
        EndColumn(start);
    }

    /// <summary>Writes a column of numbers of four bytes each.</summary>
    public void WriteFixedColumn(int field, scoped ReadOnlySpan<uint> column)
    {
        if (column.IsEmpty)
        {
            return;
        }

        int start = BeginColumn(field);
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(column).CopyTo(Rest);
            Length += column.Length * sizeof(uint);
        }
        else
        {
            foreach (uint value in column)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(Rest, value);
                Length += sizeof(uint);
            }
        }

        EndColumn(start);
    }

    private static void WriteFixedVarint(Span<byte> place, int value)
    {
        for (int index = 0; index < place.Length - 1; index++)
        {
            place[index] = (byte)(value | 0x80);
            value >>= 7;
        }

        place[^1] = checked((byte)value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 0x7F);
    }

    private int BeginColumn(int field)
    {
        WriteTag(field, WireType.Length);
        Length += ColumnLengthBytes;
        return Length;
    }

    private readonly void EndColumn(int start)
    {
        int bytes = Length - start;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, MaxColumnContentBytes);
        WriteFixedVarint(_room.Slice(start - ColumnLengthBytes, ColumnLengthBytes), bytes);
    }

    private void WriteTag(int field, WireType type)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(field, MaxOneByteField);
        _room[Length++] = (byte)((field << FieldShift) | (int)type);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteVarint(ulong value)
    {
        Span<byte> place = _room.Slice(Length);
        int index = 0;
        while (value >= 0x80 && index < MaxVarintBytes)
        {
            place[index++] = (byte)(value | 0x80);
            value >>= 7;
        }

        place[index++] = (byte)value;
        Length += index;
    }
}
