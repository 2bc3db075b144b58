using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
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
/// Any thread may call. In the long run nothing is allocated for a page. Lock: its own, where a life begins.
/// </para>
/// </summary>
/// <param name="ring">The area's keys; belongs to it.</param>
/// <param name="tenant">The tenant.</param>
/// <param name="area">The area.</param>
/// <param name="fill">What becomes of same-filled pages.</param>
[SuppressMessage("Reliability", "CA2213", Justification = "Lives are disposed by Forget.")]
internal sealed class AreaSealer(KeyRing ring, string tenant, uint area, SealFill fill) : IDisposable
{
    private const int NonceBytes = 12;
    private const int AssociatedBytes = 16;
    private const int FillTextBytes = 3 * sizeof(ulong);

    // Lives whose pages are read; one more costs the derivation of its key, some microseconds, and the oldest goes.
    private const int MostLives = 64;

    private const long MostGenerations = 1L << 36;

    private readonly byte[] _pageInfo = InfoOf("remoteswap page 1\0"u8, tenant, area);
    private readonly byte[] _fillInfo = InfoOf("remoteswap fill 1\0"u8, tenant, area);
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<LifeId, SealLife> _lives = new();
    private readonly ConcurrentDictionary<int, SecretBytes> _fillKeys = new();
    private SealLife? _own;

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
        SealLife life = LifeFor(generation);
        PageSeal seal = new(life.Id, inner);
        WriteNonce(nonce, generation);
        WriteAssociated(associated, slot, inner, length);
        AesGcm cipher = life.TryRent() ?? throw Forgotten();
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
        AesGcm? cipher = TryTakeLife(seal.Life, out SealLife? life, out bool isDerived);
        if (cipher is null)
        {
            zpage.Clear();
            return ring.Count > 0 ? false : throw Forgotten();
        }

        bool isProven = TryDecrypt(cipher, nonce, ciphertext, tag, zpage, associated);
        life!.Return(cipher);
        if (isDerived && !(isProven && TryKeep(life)))
        {
            life.Dispose();
        }

        return isProven;
    }

    /// <summary>The page checksum of a same-filled page in the clear: 32 bits of HMAC-SHA256.</summary>
    /// <exception cref="ObjectDisposedException">The keys have been forgotten.</exception>
    public uint FillChecksum(ulong slot, ulong generation, ulong word) =>
        TryFillChecksum(ring.Current, slot, generation, word, out uint checksum) ? checksum : throw Forgotten();

    /// <summary>Whether a same-filled page in the clear was stored by who has the keys.</summary>
    public bool IsFill(ulong slot, ulong generation, ulong word, uint checksum)
    {
        for (int number = ring.Current; number > 0; number--)
        {
            if (TryFillChecksum(number, slot, generation, word, out uint expected) && expected == checksum)
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
        Forget();
        ring.BeginAnew();
    }

    /// <summary>Erases all keys for good: pages are noise, wherever they are.</summary>
    /// <exception cref="SealKeyException">The ring's file can not be deleted.</exception>
    public void Shred()
    {
        Forget();
        ring.Shred();
    }

    /// <summary>Lets go of the keys.</summary>
    public void Dispose()
    {
        Forget();
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

    private static ObjectDisposedException Forgotten() =>
        new(nameof(AreaSealer), "The area's keys have been forgotten: its session is over, or its connection.");

    // Generations come a little out of order, so a later one may have begun the next life already; each has one life.
    private SealLife LifeFor(ulong generation)
    {
        SealLife? own = Volatile.Read(ref _own);
        return own is not null && (long)(generation - own.FirstGeneration) < MostGenerations
            ? own
            : BeginLife(own, generation);
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "Forget disposes it.")]
    private SealLife BeginLife(SealLife? known, ulong generation)
    {
        lock (_gate)
        {
            if (_own is { } own && own != known)
            {
                return own;
            }

            SealLife life = Derive(LifeId.Draw(ring.Current), generation) ?? throw Forgotten();
            if (_own is not null && !TryKeep(_own))
            {
                _own.Dispose();
            }

            Volatile.Write(ref _own, life);
            return life;
        }
    }

    private SealLife? Derive(LifeId id, ulong firstGeneration)
    {
        Span<byte> salt = stackalloc byte[LifeId.SaltBytes];
        id.WriteSalt(salt);
        SecretBytes key = new();
        if (ring.TryDerive(id.Key, salt, _pageInfo, key.Span))
        {
            return new SealLife(id, key) { FirstGeneration = firstGeneration };
        }

        key.Dispose();
        return null;
    }

    // A cipher of a life; null: the ring has not its data key. A life that was derived here is its caller's.
    private AesGcm? TryTakeLife(LifeId id, out SealLife? life, out bool isDerived)
    {
        isDerived = false;
        life = Volatile.Read(ref _own);
        if (life is null || life.Id != id)
        {
            _lives.TryGetValue(id, out life);
        }

        if (life?.TryRent() is { } cipher)
        {
            return cipher;
        }

        isDerived = true;
        life = Derive(id, firstGeneration: 0);
        return life?.TryRent();
    }

    // Only lives that have sealed a page: others may be made up, and must not push these out.
    private bool TryKeep(SealLife life)
    {
        if (!_lives.TryAdd(life.Id, life))
        {
            return false;
        }

        if (_lives.Count > MostLives)
        {
            LifeId other = _lives.Keys.First(id => id != life.Id);
            if (_lives.TryRemove(other, out SealLife? dropped))
            {
                dropped.Dispose();
            }
        }

        return true;
    }

    private bool TryFillChecksum(int number, ulong slot, ulong generation, ulong word, out uint checksum)
    {
        checksum = 0;
        if (!_fillKeys.TryGetValue(number, out SecretBytes? key) && !TryDeriveFillKey(number, out key))
        {
            return false;
        }

        Span<byte> text = stackalloc byte[FillTextBytes];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(text, slot);
        BinaryPrimitives.WriteUInt64LittleEndian(text[sizeof(ulong)..], generation);
        BinaryPrimitives.WriteUInt64LittleEndian(text[(2 * sizeof(ulong))..], word);
        HMACSHA256.HashData(key.Span, text, hash);
        checksum = BinaryPrimitives.ReadUInt32LittleEndian(hash);
        return true;
    }

    private bool TryDeriveFillKey(int number, [NotNullWhen(true)] out SecretBytes? key)
    {
        lock (_gate)
        {
            key = new SecretBytes();
            if (ring.TryDerive(number, default, _fillInfo, key.Span))
            {
                _fillKeys[number] = key;
                return true;
            }

            key.Dispose();
            key = null;
            return false;
        }
    }

    private void Forget()
    {
        lock (_gate)
        {
            Interlocked.Exchange(ref _own, null)?.Dispose();
            foreach (SealLife life in _lives.Values)
            {
                life.Dispose();
            }

            _lives.Clear();
            foreach (SecretBytes key in _fillKeys.Values)
            {
                key.Dispose();
            }

            _fillKeys.Clear();
        }
    }
}
