using System.Buffers.Binary;
using System.Runtime.InteropServices;
using RemoteSwap.Codec;

namespace RemoteSwap.Client.Sealing;

/// <summary>
/// The 26 bytes behind a ciphertext. The first four bytes of the tag travel as the page checksum, where the CRC-32 of
/// the page would tell the server which pages are equal, and to whom it can guess a page, that it has guessed right.
/// <code>
/// offset  bytes
///      0      2  bits 0-13 number of the data key, bits 14-15 encoding of what was sealed
///      2     12  salt of the life
///     14     12  the tag's last 12 bytes
/// </code>
/// </summary>
/// <param name="Life">Who sealed it.</param>
/// <param name="Inner">What was sealed: LZ4, RAW or FILL.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PageSeal(LifeId Life, ZpageEncoding Inner)
{
    private const int InnerShift = 14;
    private const int SaltOffset = sizeof(ushort);
    private const int TagOffset = SaltOffset + LifeId.SaltBytes;

    /// <summary>Writes a seal.</summary>
    /// <param name="seal">Room for 26 bytes.</param>
    /// <param name="tag">The tag.</param>
    /// <returns>The part of the tag that travels as the page checksum.</returns>
    public uint Write(Span<byte> seal, ReadOnlySpan<byte> tag)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(seal, (ushort)(Life.Key | ((int)Inner << InnerShift)));
        Life.WriteSalt(seal[SaltOffset..]);
        tag[sizeof(uint)..].CopyTo(seal[TagOffset..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(tag);
    }

    /// <summary>Reads a seal, which may be anything.</summary>
    /// <param name="seal">Its 26 bytes.</param>
    /// <param name="checksum">The part of the tag that travelled as the page checksum.</param>
    /// <param name="tag">Gets the tag.</param>
    public static PageSeal Read(ReadOnlySpan<byte> seal, uint checksum, Span<byte> tag)
    {
        int word = BinaryPrimitives.ReadUInt16LittleEndian(seal);
        BinaryPrimitives.WriteUInt32LittleEndian(tag, checksum);
        seal[TagOffset..ZpageLimits.SealBytes].CopyTo(tag[sizeof(uint)..]);
        return new PageSeal(
            LifeId.Read(word & KeyRing.MaxNumber, seal[SaltOffset..]), (ZpageEncoding)(word >> InnerShift));
    }
}
