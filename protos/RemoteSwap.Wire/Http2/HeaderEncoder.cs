namespace RemoteSwap.Wire.Http2;

/// <summary>
/// Writes a head in the form that HTTP/2 has for it (RFC 7541, HPACK), of which it uses the plainest: each field by
/// itself, in no table, uncoded. Names, and fields with their values, that every reader knows are written as their
/// number.
/// <para>
/// So what it writes means the same whatever was written before, to any reader, and with any table size; a head that
/// is the same for many calls can be written once and kept.
/// </para>
/// </summary>
public ref struct HeaderEncoder
{
    private const byte Whole = 0x80;
    private const byte Unkept = 0;
    private const byte NeverKept = 0x10;
    private const byte Uncoded = 0;

    private const int WholeBits = 7;
    private const int IndexBits = 4;
    private const int LengthBits = 7;
    private const int PartBits = 7;
    private const byte MorePartsBit = 0x80;

    private readonly Span<byte> _room;

    /// <summary>Begins a head.</summary>
    /// <param name="room">Room for it.</param>
    public HeaderEncoder(Span<byte> room) => _room = room;

    /// <summary>Bytes that are written.</summary>
    public int Length { get; private set; }

    /// <summary>The head so far.</summary>
    public readonly ReadOnlySpan<byte> Written => _room[..Length];

    /// <summary>Writes a field.</summary>
    /// <param name="name">Its name, in lower case; those with a colon come first (RFC 9113, section 8.2.1).</param>
    /// <param name="value">Its value.</param>
    /// <param name="isSecret">
    /// Whether nobody on the way may keep it in a table either, where others could guess at it by the size of what they
    /// send (RFC 7541, sections 6.2.3 and 7.1.3): for tokens.
    /// </param>
    /// <returns>False: there is no room, or no name; nothing is written then.</returns>
    public bool TryWrite(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool isSecret = false)
    {
        int whole = isSecret ? 0 : StaticTable.IndexOf(name, value);
        if (whole != 0)
        {
            return TryWriteNumber(Whole, WholeBits, whole);
        }

        int before = Length;
        int index = StaticTable.IndexOf(name);
        bool isWritten = !name.IsEmpty
            && TryWriteNumber(isSecret ? NeverKept : Unkept, IndexBits, index)
            && (index != 0 || TryWriteString(name))
            && TryWriteString(value);
        if (!isWritten)
        {
            Length = before;
        }

        return isWritten;
    }

    private bool TryWriteString(ReadOnlySpan<byte> text)
    {
        if (!TryWriteNumber(Uncoded, LengthBits, text.Length) || !text.TryCopyTo(_room[Length..]))
        {
            return false;
        }

        Length += text.Length;
        return true;
    }

    // Section 5.1.
    private bool TryWriteNumber(byte mark, int bits, int number)
    {
        int full = (1 << bits) - 1;
        if (number < full)
        {
            return TryWriteByte((byte)(mark | number));
        }

        bool isWritten = TryWriteByte((byte)(mark | full));
        int rest = number - full;
        while (isWritten && rest >= MorePartsBit)
        {
            isWritten = TryWriteByte((byte)(rest | MorePartsBit));
            rest >>= PartBits;
        }

        return isWritten && TryWriteByte((byte)rest);
    }

    private bool TryWriteByte(byte value)
    {
        if (Length == _room.Length)
        {
            return false;
        }

        _room[Length++] = value;
        return true;
    }
}
