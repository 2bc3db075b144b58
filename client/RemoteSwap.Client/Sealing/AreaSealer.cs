using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using RemoteSwap.Codec;

namespace RemoteSwap.Client.Sealing;

/// <summary>
/// Seals and opens the zpages of one area: AES-256-GCM (NIST SP 800-38D) over what the codec has made of a page.
/// <para>
/// <b>Why no nonce is used twice with a key.</b> A page is sealed with the key of a <i>life</i>,
/// HKDF-SHA256(data key; salt of the life; tenant, area), and the nonce is the page's generation. (1) Within a life a
/// generation is sealed once: a life belongs to one object of this class, that to one area of one connection or to one
/// attach, and that to one <see cref="GenerationCounter"/>, an atomic counter that never gives a number twice; every
/// call of <see cref="Seal"/> takes a new one. What is sent again, over whatever stream, to whatever server, is the
/// bytes that were sealed; a page that is refused and tried anew gets a new generation first. (2) Two lives have two
/// keys: a life draws 96 random bits of salt when it first seals, and writes them down nowhere but in its pages, so
/// that neither a restart of the process, nor a resume, nor a take-over, nor two clients at once, nor a server that is
/// rolled back, has any way to bring a salt back. By 2^32 lives of a data key two of them are equal with probability
/// 2^-33. Nothing here depends on the clock, the attach epoch, or what a server says: these may repeat, and with them
/// generations, across lives. (3) A life ends after 2^36 generations, 2^44 blocks, which leaves an observer an
/// advantage of 2^-40. What it does not survive: a copy of the running process itself, as by a snapshot of its machine
/// that is run twice.
/// </para>
/// <para>
/// <b>What is proven when a page opens.</b> Tenant, area, data key and life (by the key), the generation (by the
/// nonce), slot, encoding and length of what was sealed (by the associated data), and every byte of it. So a page that
/// the server has changed, moved, or given another number is found. Whether it is the newest is the record's to say.
/// </para>
/// <para>
/// Any thread may call. In the long run nothing is allocated for a page. Locks: those of its parts.
/// </para>
/// </summary>
/// <param name="ring">The area's keys; belongs to it.</param>
/// <param name="tenant">The tenant.</param>
/// <param name="area">The area.</param>
/// <param name="fill">What becomes of same-filled pages.</param>
internal sealed class AreaSealer(KeyRing ring, string tenant, uint area, SealFill fill) : IDisposable
{
    private const int NonceBytes = 12;
    private const int AssociatedBytes = 16;

    private readonly SealLives _lives = new(ring, InfoOf("remoteswap page 1\0"u8, tenant, area));
    private readonly FillTags _fills = new(ring, InfoOf("remoteswap fill 1\0"u8, tenant, area));

    /// <summary>What becomes of same-filled pages.</summary>
    public SealFill Fill => fill;

    /// <summary>The area's keys.</summary>
    public KeyRing Ring => ring;

    /// <summary>Seals a zpage where it lies.</summary>
    /// <param name="slot">The page's slot.</param>
    /// <param name="generation">The page's generation, which no other page of this object has.</param>
    /// <param name="inner">How the zpage is encoded.</param>
    /// <param name="zpage">The zpage, and room for 26 bytes behind it.</param>
    /// <param name="length">Bytes of the zpage.</param>
    /// <param name="checksum">The page checksum that goes with it.</param>
    /// <returns>Bytes of the sealed zpage.</returns>
    /// <exception cref="ObjectDisposedException">The keys have been forgotten.</exception>
    public int Seal(
        ulong slot, ulong generation, ZpageEncoding inner, Span<byte> zpage, int length, out uint checksum)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        Span<byte> associated = stackalloc byte[AssociatedBytes];
        Span<byte> tag = stackalloc byte[SealLife.TagBytes];
        SealLife life = _lives.For(generation);
        PageSeal seal = new(life.Id, inner);
        WriteNonce(nonce, generation);
        WriteAssociated(associated, slot, inner, length);
        AesGcm cipher = life.TryRent() ?? throw SealLives.Forgotten();
        cipher.Encrypt(nonce, zpage[..length], zpage[..length], tag, associated);
        life.Return(cipher);
        checksum = seal.Write(zpage.Slice(length, ZpageLimits.SealBytes), tag);
        return length + ZpageLimits.SealBytes;
    }

    /// <summary>Tells what is in a sealed zpage, before anything is proven.</summary>
    /// <param name="sealedZpage">The zpage, longer than a seal.</param>
    public static ZpageEncoding InnerOf(ReadOnlySpan<byte> sealedZpage)
    {
        Span<byte> tag = stackalloc byte[SealLife.TagBytes];
        return PageSeal.Read(sealedZpage[^ZpageLimits.SealBytes..], checksum: 0, tag).Inner;
    }

    /// <summary>Opens a zpage, if it is the one that was sealed for this slot and generation.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="generation">The generation.</param>
    /// <param name="sealedZpage">The zpage, longer than a seal.</param>
    /// <param name="checksum">The page checksum that came with it.</param>
    /// <param name="zpage">Room for what was sealed, exactly as long; zeroes if it does not open.</param>
    /// <returns>Whether it is.</returns>
    /// <exception cref="ObjectDisposedException">The keys have been forgotten.</exception>
    public bool TryOpen(
        ulong slot, ulong generation, ReadOnlySpan<byte> sealedZpage, uint checksum, Span<byte> zpage)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        Span<byte> associated = stackalloc byte[AssociatedBytes];
        Span<byte> tag = stackalloc byte[SealLife.TagBytes];
        ReadOnlySpan<byte> ciphertext = sealedZpage[..^ZpageLimits.SealBytes];
        PageSeal seal = PageSeal.Read(sealedZpage[ciphertext.Length..], checksum, tag);
        WriteNonce(nonce, generation);
        WriteAssociated(associated, slot, seal.Inner, ciphertext.Length);
        AesGcm? cipher = _lives.TryTake(seal.Life, out SealLife? life, out bool isDerived);
        if (cipher is null)
        {
            zpage.Clear();
            return ring.Count > 0 ? false : throw SealLives.Forgotten();
        }

        bool isProven = TryDecrypt(cipher, nonce, ciphertext, tag, zpage, associated);
        life!.Return(cipher);
        if (isDerived && !(isProven && _lives.TryKeep(life)))
        {
            life.Dispose();
        }

        return isProven;
    }

    /// <summary>The page checksum of a same-filled page in the clear: 32 bits of HMAC-SHA256.</summary>
    /// <exception cref="ObjectDisposedException">The keys have been forgotten.</exception>
    public uint FillChecksum(ulong slot, ulong generation, ulong word) =>
        _fills.TryTag(ring.Current, slot, generation, word, out uint checksum)
            ? checksum
            : throw SealLives.Forgotten();

    /// <summary>Whether a same-filled page in the clear was stored by who has the keys.</summary>
    public bool IsFill(ulong slot, ulong generation, ulong word, uint checksum)
    {
        for (int number = ring.Current; number > 0; number--)
        {
            if (_fills.TryTag(number, slot, generation, word, out uint expected) && expected == checksum)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Erases all keys and goes on with new ones: the area is empty.</summary>
    /// <exception cref="SealKeyException">The ring can not be written.</exception>
    public void BeginAnew()
    {
        _lives.Forget();
        _fills.Forget();
        ring.BeginAnew();
    }

    /// <summary>Erases all keys for good: pages are noise, wherever they are.</summary>
    /// <exception cref="SealKeyException">The ring's file can not be deleted.</exception>
    public void Shred()
    {
        _lives.Forget();
        _fills.Forget();
        ring.Shred();
    }

    /// <summary>Lets go of the keys.</summary>
    public void Dispose()
    {
        _lives.Forget();
        _fills.Forget();
        ring.Dispose();
    }

    private static byte[] InfoOf(ReadOnlySpan<byte> purpose, string tenant, uint area)
    {
        byte[] number = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(number, area);
        return [.. purpose, .. number, .. Encoding.UTF8.GetBytes(tenant)];
    }

    private static void WriteNonce(Span<byte> nonce, ulong generation)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce, generation);
    }

    private static void WriteAssociated(Span<byte> associated, ulong slot, ZpageEncoding inner, int length)
    {
        associated.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(associated, slot);
        BinaryPrimitives.WriteInt32LittleEndian(associated[sizeof(ulong)..], length);
        associated[sizeof(ulong) + sizeof(int)] = (byte)inner;
    }

    private static bool TryDecrypt(
        AesGcm cipher,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> ciphertext,
        ReadOnlySpan<byte> tag,
        Span<byte> zpage,
        ReadOnlySpan<byte> associated)
    {
        try
        {
            cipher.Decrypt(nonce, ciphertext, tag, zpage, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            zpage.Clear();
            return false;
        }
    }
}
