using System.Buffers.Binary;
using RemoteSwap.Nbd.Wire;

namespace RemoteSwap.Nbd.Negotiation;

/// <summary>The beginning of an option.</summary>
/// <param name="Option">Which; may be an unknown one.</param>
/// <param name="Length">Bytes of data that follow.</param>
internal readonly record struct OptionHeader(uint Option, uint Length)
{
    /// <summary>Bytes of a header.</summary>
    public const int Bytes = 16;

    /// <summary>Reads a header of <see cref="Bytes"/> bytes.</summary>
    /// <exception cref="InvalidDataException">It is none: the stream is out of step.</exception>
    public static OptionHeader Read(ReadOnlySpan<byte> bytes)
    {
        ulong magic = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        if (magic != NbdMagic.Option)
        {
            throw new InvalidDataException($"an option begins with {magic:x16} instead of {NbdMagic.Option:x16}");
        }

        return new OptionHeader(
            BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]));
    }
}
