namespace RemoteSwap.Wire.Http2;

/// <summary>
/// Where a head is being read, and the room for those of its strings that do not lie in it as they are. Each method
/// that returns false leaves it where nothing more may be read.
/// </summary>
internal ref struct HeaderBlockReader
{
    // A field's or a size's first byte: the highest bit that is set says what it is, those below it begin a number.
    private const int IndexedBits = 7;
    private const int KeptBits = 6;
    private const int ResizeBits = 5;
    private const int UnkeptBits = 4;

    private const int LengthBits = 7;
    private const int PartBits = 7;
    private const int MostParts = 5;
    private const byte MorePartsBit = 0x80;

    // Far more than any number here may be; the RFC leaves the limit to the reader (section 5.1).
    private const int MostNumber = 1 << 28;

    private readonly Span<byte> _room;
    private ReadOnlySpan<byte> _rest;

    /// <summary>Begins to read.</summary>
    /// <param name="block">The head.</param>
    /// <param name="room">As long as all fields may become.</param>
    public HeaderBlockReader(ReadOnlySpan<byte> block, Span<byte> room)
    {
        _rest = block;
        _room = room;
    }

    /// <summary>Whether all is read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Bytes of the room that were ever written.</summary>
    public int RoomUsed { get; private set; }

    /// <summary>
    /// Reads what the other end says of the size of its table, which may only come first (RFC 7541, section 4.2): there
    /// is none, it can only say so.
    /// </summary>
    public bool TryReadResizes()
    {
        while (IsNext(ResizeBits))
        {
            if (!TryReadNumber(ResizeBits, out int size) || size != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads a field (section 6).</summary>
    /// <param name="most">Bytes that name and value may come to together.</param>
    /// <param name="name">The name.</param>
    /// <param name="value">The value. Both lie in the head, in the room or in the program.</param>
    public bool TryReadField(int most, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = default;
        value = default;
        if (IsNext(ResizeBits))
        {
            return false;
        }

        bool isWhole = IsNext(IndexedBits);
        int bits = isWhole ? IndexedBits : IsNext(KeptBits) ? KeptBits : UnkeptBits;
        if (!TryReadNumber(bits, out int index))
        {
            return false;
        }

        if (isWhole || index != 0)
        {
            name = StaticTable.Name(index);
        }
        else if (!TryReadString(0, most, out name))
        {
            return false;
        }

        if (isWhole)
        {
            value = StaticTable.Value(index);
        }
        else if (!TryReadString(name.Length, most, out value))
        {
            return false;
        }

        // No number of a dynamic table has a name either.
        return !name.IsEmpty && name.Length + value.Length <= most;
    }

    private readonly bool IsNext(int bits) => !_rest.IsEmpty && _rest[0] >> bits == 1;

    // Section 5.1. What does not fit into the first byte comes in parts of 7 bits, the least first.
    private bool TryReadNumber(int bits, out int number)
    {
        number = 0;
        if (_rest.IsEmpty)
        {
            return false;
        }

        int full = (1 << bits) - 1;
        long sum = _rest[0] & full;
        _rest = _rest[1..];
        if (sum < full)
        {
            number = (int)sum;
            return true;
        }

        for (int index = 0; index < MostParts && index < _rest.Length; index++)
        {
            byte part = _rest[index];
            sum += (long)(part & ~MorePartsBit) << (PartBits * index);
            if ((part & MorePartsBit) == 0)
            {
                _rest = _rest[(index + 1)..];
                number = (int)Math.Min(sum, MostNumber);
                return sum <= MostNumber;
            }
        }

        return false;
    }

    // Section 5.2. What is coded comes into the room from a byte of it on, to the last that it may take.
    private bool TryReadString(int from, int to, out ReadOnlySpan<byte> text)
    {
        text = default;
        bool isCoded = IsNext(LengthBits);
        if (!TryReadNumber(LengthBits, out int length) || length > _rest.Length)
        {
            return false;
        }

        text = _rest[..length];
        _rest = _rest[length..];
        if (!isCoded)
        {
            return length <= to - from;
        }

        if (from > to)
        {
            return false;
        }

        bool isWhole = HuffmanCode.TryDecode(text, _room[from..to], out int bytes);
        RoomUsed = Math.Max(RoomUsed, from + bytes);
        text = _room.Slice(from, bytes);
        return isWhole;
    }
}
