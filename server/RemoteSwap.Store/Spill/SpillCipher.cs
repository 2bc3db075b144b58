using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Seals frame images for a spill file with AES-256-GCM, under a key that is made with the file, lies in this process's
/// memory only, and dies with it. So what the disk keeps after the server has ended, or is stolen, says nothing; and
/// whoever writes to the file meanwhile is found: a changed image, or one moved to another place, does not open.
/// <code>
/// [ number of the sealing: 8 bytes ][ zeroes: 8 ][ tag: 16 ][ sealed: the frame, then its header: 4,160 ]
/// </code>
/// <para>
/// The nonce is the number of the sealing, which never comes twice under one key; the place is authenticated with it.
/// An older image of the same place opens; that it is old shows by its owner record, as without a cipher. What it is
/// not: a way to keep pages for another life. The trade-off: 96 bytes a place and its processor time, and writes that
/// are not aligned to the disk's blocks.
/// </para>
/// <para>Thread-safe: each user has a cipher of its own meanwhile.</para>
/// </summary>
internal sealed class SpillCipher : IDisposable
{
    /// <summary>Bytes of a sealed image.</summary>
    public const int SealedBytes = TextOffset + FrameImage.Bytes;

    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int TagOffset = 16;
    private const int TextOffset = TagOffset + TagBytes;

    private readonly byte[] _key = GC.AllocateArray<byte>(KeyBytes, pinned: true);
    private readonly ConcurrentBag<AesGcm> _ciphers = [];
    private readonly Lock _gate = new();
    private long _sealings;
    private bool _isDisposed;

    public SpillCipher() => RandomNumberGenerator.Fill(_key);

    /// <summary>Where the sealed image of a place begins, behind what the file begins with.</summary>
    public static long OffsetOf(SpillPlace place) => FrameArena.FrameBytes + ((long)place.Value * SealedBytes);

    /// <summary>Seals an image.</summary>
    /// <param name="place">Its place.</param>
    /// <param name="frame">4,096 bytes.</param>
    /// <param name="header">64 bytes.</param>
    /// <param name="image">Room for <see cref="SealedBytes"/>.</param>
    public void Seal(SpillPlace place, ReadOnlySpan<byte> frame, ReadOnlySpan<byte> header, Span<byte> image)
    {
        Span<byte> text = stackalloc byte[FrameImage.Bytes];
        frame.CopyTo(text);
        header.CopyTo(text[FrameArena.FrameBytes..]);
        image[..TextOffset].Clear();
        BinaryPrimitives.WriteInt64LittleEndian(image, Interlocked.Increment(ref _sealings));
        AesGcm cipher = Rent();
        cipher.Encrypt(
            image[..NonceBytes],
            text,
            image.Slice(TextOffset, FrameImage.Bytes),
            image.Slice(TagOffset, TagBytes),
            Bound(place, stackalloc byte[sizeof(uint)]));
        _ciphers.Add(cipher);
    }

    /// <summary>Opens an image.</summary>
    /// <param name="place">Its place.</param>
    /// <param name="image">What was read.</param>
    /// <param name="frame">Room for 4,096 bytes; zeroes if it does not open, which no image is.</param>
    /// <param name="header">Room for 64 bytes, or empty; likewise.</param>
    /// <returns>Whether it is what was sealed there.</returns>
    public bool TryOpen(SpillPlace place, ReadOnlySpan<byte> image, Span<byte> frame, Span<byte> header)
    {
        Span<byte> text = stackalloc byte[FrameImage.Bytes];
        AesGcm cipher = Rent();
        try
        {
            cipher.Decrypt(
                image[..NonceBytes],
                image.Slice(TextOffset, FrameImage.Bytes),
                image.Slice(TagOffset, TagBytes),
                text,
                Bound(place, stackalloc byte[sizeof(uint)]));
            text[..FrameArena.FrameBytes].CopyTo(frame);
            text.Slice(FrameArena.FrameBytes, header.Length).CopyTo(header);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            frame.Clear();
            header.Clear();
            return false;
        }
        finally
        {
            _ciphers.Add(cipher);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            CryptographicOperations.ZeroMemory(_key);
        }

        while (_ciphers.TryTake(out AesGcm? cipher))
        {
            cipher.Dispose();
        }
    }

    private static ReadOnlySpan<byte> Bound(SpillPlace place, Span<byte> room)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(room, place.Value);
        return room;
    }

    private AesGcm Rent()
    {
        if (_ciphers.TryTake(out AesGcm? cipher))
        {
            return cipher;
        }

        // A key of zeroes would be nobody's secret.
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return new AesGcm(_key, TagBytes);
        }
    }
}
