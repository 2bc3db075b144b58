using System.Buffers.Text;
using System.Security.Cryptography;

namespace RemoteSwap.Client.Sealing;

/// <summary>Reads a key as people and programs write it: 32 bytes as they are, in Base64, or in hexadecimal.</summary>
internal static class KeyText
{
    private const int Base64Chars = 44;
    private const int HexChars = 2 * SecretBytes.Bytes;

    /// <summary>Reads a key.</summary>
    /// <param name="text">What was given; white space around Base64 and hexadecimal does not count.</param>
    /// <param name="key">Gets the key.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, Span<byte> key)
    {
        if (text.Length == SecretBytes.Bytes)
        {
            text.CopyTo(key);
            return IsKey(key);
        }

        ReadOnlySpan<byte> trimmed = Trim(text);
        return trimmed.Length switch
        {
            Base64Chars => TryBase64(trimmed, key) && IsKey(key),
            HexChars => Convert.FromHexString(trimmed, key, out _, out int written)
                == System.Buffers.OperationStatus.Done && written == SecretBytes.Bytes && IsKey(key),
            _ => false,
        };
    }

    private static bool TryBase64(ReadOnlySpan<byte> text, Span<byte> key)
    {
        Span<byte> room = stackalloc byte[Base64.GetMaxDecodedFromUtf8Length(Base64Chars)];
        bool isKey = Base64.DecodeFromUtf8(text, room, out _, out int written) == System.Buffers.OperationStatus.Done
            && written == SecretBytes.Bytes;
        room[..SecretBytes.Bytes].CopyTo(key);
        CryptographicOperations.ZeroMemory(room);
        return isKey;
    }

    // One byte again and again is an empty file of some kind, not a key.
    private static bool IsKey(ReadOnlySpan<byte> key) => key.ContainsAnyExcept(key[0]);

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t\r\n"u8);
}
