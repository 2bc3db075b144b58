using System.Buffers.Binary;
using RemoteSwap.Nbd.Wire;

namespace RemoteSwap.Nbd.Transmission;

/// <summary>A request as it stands on the wire, not checked.</summary>
/// <param name="Flags">Its flags.</param>
/// <param name="Command">What it asks for.</param>
/// <param name="Cookie">What the reply repeats.</param>
/// <param name="Offset">The first byte.</param>
/// <param name="Length">How many bytes.</param>
internal readonly record struct RequestHeader(
    CommandFlags Flags, NbdCommand Command, ulong Cookie, ulong Offset, uint Length)
{
    /// <summary>Bytes of a header.</summary>
    public const int Bytes = 28;

    /// <summary>Bytes that follow the header.</summary>
    public uint PayloadLength => Command == NbdCommand.Write ? Length : 0;

    /// <summary>Reads a header of <see cref="Bytes"/> bytes.</summary>
    /// <exception cref="InvalidDataException">It is none: the stream is out of step.</exception>
    public static RequestHeader Read(ReadOnlySpan<byte> bytes)
    {
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        if (magic != NbdMagic.Request)
        {
            throw new InvalidDataException($"a request begins with {magic:x8} instead of {NbdMagic.Request:x8}");
        }

        return new RequestHeader(
            (CommandFlags)BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]),
            (NbdCommand)BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[24..]));
    }
}
