using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace RemoteSwap.Client.Sealing;

/// <summary>Which life sealed a page: the number of its data key, and the salt that it drew.</summary>
/// <param name="Key">The data key's number.</param>
/// <param name="Low">The salt's first eight bytes.</param>
/// <param name="High">Its last four.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LifeId(int Key, ulong Low, uint High)
{
    /// <summary>Bytes of a salt.</summary>
    public const int SaltBytes = 12;

    /// <summary>A life that begins now.</summary>
    public static LifeId Draw(int key)
    {
        Span<byte> salt = stackalloc byte[SaltBytes];
        RandomNumberGenerator.Fill(salt);
        return Read(key, salt);
    }

    /// <summary>The life that a salt belongs to.</summary>
    public static LifeId Read(int key, ReadOnlySpan<byte> salt) => new(
        key,
        BinaryPrimitives.ReadUInt64LittleEndian(salt),
        BinaryPrimitives.ReadUInt32LittleEndian(salt[sizeof(ulong)..]));

    /// <summary>Writes the salt.</summary>
    public void WriteSalt(Span<byte> salt)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(salt, Low);
        BinaryPrimitives.WriteUInt32LittleEndian(salt[sizeof(ulong)..], High);
    }
}
