using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace RemoteSwap.Client.Sealing;

/// <summary>
/// The page checksums of same-filled pages that travel in the clear: 32 bits of HMAC-SHA256 over slot, generation and
/// word, with a key for each data key. No nonce is needed, and none is there.
/// <para>Any thread may call. Lock: its own, where a key is derived and where all end.</para>
/// </summary>
/// <param name="ring">The area's keys.</param>
/// <param name="info">What the keys are derived for: tenant and area.</param>
internal sealed class FillTags(KeyRing ring, byte[] info)
{
    private const int TextBytes = 3 * sizeof(ulong);

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<int, SecretBytes> _keys = new();

    /// <summary>Computes a checksum.</summary>
    /// <param name="number">The data key's number.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="generation">The generation.</param>
    /// <param name="word">The word.</param>
    /// <param name="checksum">Gets the checksum.</param>
    /// <returns>Whether the ring has the data key.</returns>
    public bool TryTag(int number, ulong slot, ulong generation, ulong word, out uint checksum)
    {
        checksum = 0;
        if (!_keys.TryGetValue(number, out SecretBytes? key) && !TryDerive(number, out key))
        {
            return false;
        }

        Span<byte> text = stackalloc byte[TextBytes];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(text, slot);
        BinaryPrimitives.WriteUInt64LittleEndian(text[sizeof(ulong)..], generation);
        BinaryPrimitives.WriteUInt64LittleEndian(text[(2 * sizeof(ulong))..], word);
        HMACSHA256.HashData(key.Span, text, hash);
        checksum = BinaryPrimitives.ReadUInt32LittleEndian(hash);
        return true;
    }

    private bool TryDerive(int number, [NotNullWhen(true)] out SecretBytes? key)
    {
        lock (_gate)
        {
            if (_keys.TryGetValue(number, out key))
            {
                return true;
            }

            key = new SecretBytes();
            if (ring.TryDerive(number, default, info, key.Span))
            {
                _keys[number] = key;
                return true;
            }

            key.Dispose();
            key = null;
            return false;
        }
    }

    /// <summary>Lets go of the keys.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            foreach (SecretBytes key in _keys.Values)
            {
                key.Dispose();
            }

            _keys.Clear();
        }
    }
}
