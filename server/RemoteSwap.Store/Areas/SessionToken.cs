using System.Buffers.Binary;
using System.Security.Cryptography;

namespace RemoteSwap.Store;

/// <summary>
/// Proves a session to the server that gave it: 128 random bits. It has no text form, so that it stands in no log.
/// </summary>
public readonly struct SessionToken : IEquatable<SessionToken>
{
    /// <summary>Bytes of a token.</summary>
    public const int Bytes = 16;

    private readonly UInt128 _value;

    private SessionToken(UInt128 value) => _value = value;

    /// <summary>Makes one.</summary>
    public static SessionToken Create()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(bytes);
        return new SessionToken(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <summary>Reads one.</summary>
    /// <returns>Whether there are as many bytes as one has.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out SessionToken token)
    {
        bool isWhole = bytes.Length == Bytes;
        token = isWhole ? new SessionToken(BinaryPrimitives.ReadUInt128BigEndian(bytes)) : default;
        return isWhole;
    }

    /// <summary>Writes it.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Bytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _value);
        return bytes;
    }

    /// <summary>Compares two in a time that does not tell where they differ.</summary>
    public bool Equals(SessionToken other) => CryptographicOperations.FixedTimeEquals(ToBytes(), other.ToBytes());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SessionToken other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode();

    /// <summary>Compares two.</summary>
    public static bool operator ==(SessionToken left, SessionToken right) => left.Equals(right);

    /// <summary>Compares two.</summary>
    public static bool operator !=(SessionToken left, SessionToken right) => !left.Equals(right);
}
