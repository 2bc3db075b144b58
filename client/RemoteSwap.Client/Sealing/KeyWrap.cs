using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace RemoteSwap.Client.Sealing;

/// <summary>
/// Wraps the data keys of a ring with the user's key: AES-256-GCM with a random nonce of 96 bits, of which a user key
/// sees a few hundred in its life (NIST SP 800-38D, 8.3 allows 2^32). Bound to ring, tenant, area and number, so that
/// a wrapped key can not stand in for another one.
/// <code>
/// wrapped = nonce (12) | ciphertext (32) | tag (16)
/// </code>
/// </summary>
internal static class KeyWrap
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int WrappedBytes = NonceBytes + SecretBytes.Bytes + TagBytes;

    /// <summary>Wraps a key.</summary>
    /// <param name="userKey">The user's key.</param>
    /// <param name="key">The key.</param>
    /// <param name="context">What it is bound to, see <see cref="ContextOf"/>.</param>
    public static byte[] Wrap(SecretBytes userKey, SecretBytes key, byte[] context)
    {
        byte[] wrapped = new byte[WrappedBytes];
        Span<byte> nonce = wrapped.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using AesGcm cipher = new(userKey.Span, TagBytes);
        cipher.Encrypt(
            nonce, key.Span, wrapped.AsSpan(NonceBytes, SecretBytes.Bytes), wrapped.AsSpan(^TagBytes..), context);
        return wrapped;
    }

    /// <summary>Unwraps a key.</summary>
    /// <returns>The key; null: it is not what this user key has wrapped for this context.</returns>
    public static SecretBytes? Unwrap(SecretBytes userKey, byte[] wrapped, byte[] context)
    {
        if (wrapped.Length != WrappedBytes)
        {
            return null;
        }

        SecretBytes key = new();
        using AesGcm cipher = new(userKey.Span, TagBytes);
        try
        {
            cipher.Decrypt(
                wrapped.AsSpan(0, NonceBytes),
                wrapped.AsSpan(NonceBytes, SecretBytes.Bytes),
                wrapped.AsSpan(^TagBytes..),
                key.Span,
                context);
            return key;
        }
        catch (AuthenticationTagMismatchException)
        {
            key.Dispose();
            return null;
        }
    }

    /// <summary>What a wrapped key is bound to.</summary>
    public static byte[] ContextOf(byte[] ring, string tenant, uint area, int number)
    {
        byte[] numbers = new byte[2 * sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(numbers, area);
        BinaryPrimitives.WriteInt32LittleEndian(numbers.AsSpan(sizeof(uint)), number);
        return [.. "remoteswap data key 1\0"u8, .. ring, .. numbers, .. Encoding.UTF8.GetBytes(tenant)];
    }
}
