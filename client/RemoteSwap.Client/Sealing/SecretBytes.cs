using System.Security.Cryptography;

namespace RemoteSwap.Client.Sealing;

/// <summary>
/// 32 bytes of key that the garbage collector does not copy about, and that are zeroed when they are let go of. What it
/// is not: protection from who reads this process's memory.
/// <para>One owner, who disposes it when nobody uses it any more.</para>
/// </summary>
internal sealed class SecretBytes : IDisposable
{
    /// <summary>Bytes of every key here: AES-256, HKDF-SHA256.</summary>
    public const int Bytes = 32;

    private readonly byte[] _bytes = GC.AllocateArray<byte>(Bytes, pinned: true);

    /// <summary>The bytes; zeroes after the end.</summary>
    public Span<byte> Span => _bytes;

    /// <summary>A new key.</summary>
    public static SecretBytes Random()
    {
        SecretBytes key = new();
        RandomNumberGenerator.Fill(key.Span);
        return key;
    }

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}
