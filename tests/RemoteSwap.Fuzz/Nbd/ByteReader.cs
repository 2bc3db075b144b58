using System.Buffers.Binary;
using RemoteSwap.Fuzz.Core;

namespace RemoteSwap.Fuzz.Nbd;

/// <summary>
/// Reads big-endian numbers from front to back; what is missing is a finding, as a server has to write it.
/// </summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly int Left => _rest.Length;

    public ushort U16() => BinaryPrimitives.ReadUInt16BigEndian(Take(sizeof(ushort)));

    public uint U32() => BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint)));

    public ulong U64() => BinaryPrimitives.ReadUInt64BigEndian(Take(sizeof(ulong)));

    public ReadOnlySpan<byte> Take(long count)
    {
        FindingException.Unless(count <= _rest.Length, $"a message of the server's lacks {count - _rest.Length} bytes");
        ReadOnlySpan<byte> taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }
}
