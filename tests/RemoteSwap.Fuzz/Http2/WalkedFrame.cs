using System.Buffers.Binary;
using RemoteSwap.Fuzz.Core;

namespace RemoteSwap.Fuzz.Http2;

/// <summary>A frame as the judges read it, by RFC 9113's section 4.1 and by nothing of production's.</summary>
internal readonly ref struct WalkedFrame
{
    /// <summary>The most that either end announces that it takes.</summary>
    public const int MostBytes = 128 << 10;

    private const int HeaderBytes = 9;

    private WalkedFrame(ReadOnlySpan<byte> bytes, int length)
    {
        Type = bytes[3];
        Flags = bytes[4];
        Stream = BinaryPrimitives.ReadInt32BigEndian(bytes[5..]) & int.MaxValue;
        Payload = bytes.Slice(HeaderBytes, length);
    }

    public int Type { get; }

    public int Flags { get; }

    public int Stream { get; }

    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Of four bytes: the number.</summary>
    public uint Number => BinaryPrimitives.ReadUInt32BigEndian(Payload);

    public bool Has(int flag) => (Flags & flag) != 0;

    /// <summary>Cuts the first frame off.</summary>
    /// <param name="bytes">Frames.</param>
    /// <param name="frame">The first.</param>
    /// <param name="isTooLong">Whether there is none because it is longer than may be.</param>
    public static bool TryCut(ref ReadOnlySpan<byte> bytes, out WalkedFrame frame, out bool isTooLong)
    {
        frame = default;
        int length = bytes.Length < HeaderBytes ? 0 : (bytes[0] << 16) | (bytes[1] << 8) | bytes[2];
        isTooLong = length > MostBytes;
        if (isTooLong || bytes.Length < HeaderBytes + length)
        {
            return false;
        }

        frame = new WalkedFrame(bytes, length);
        bytes = bytes[(HeaderBytes + length)..];
        return true;
    }

    /// <summary>Cuts a frame off that production wrote: it has to be whole.</summary>
    public static WalkedFrame CutSent(ref ReadOnlySpan<byte> bytes)
    {
        FindingException.Unless(TryCut(ref bytes, out WalkedFrame frame, out _), "a frame was sent that is none");
        return frame;
    }

    /// <summary>What DATA or HEADERS bring beside their filling.</summary>
    /// <returns>False: there is more filling than frame.</returns>
    public bool TryContent(out ReadOnlySpan<byte> content)
    {
        content = Payload;
        if (!Has(FrameBytes.Padded))
        {
            return true;
        }

        if (Payload.IsEmpty || Payload[0] >= Payload.Length)
        {
            return false;
        }

        content = Payload[1..^Payload[0]];
        return true;
    }
}
