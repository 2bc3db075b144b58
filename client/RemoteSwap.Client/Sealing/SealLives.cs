using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace RemoteSwap.Client.Sealing;

/// <summary>
/// The lives of one area: the one that seals here, which begins when it first does, and those whose pages are read.
/// <para>Any thread may call. Lock: its own, where a life begins and where all end.</para>
/// </summary>
/// <param name="ring">The area's keys.</param>
/// <param name="info">What page keys are derived for: tenant and area.</param>
internal sealed class SealLives(KeyRing ring, byte[] info)
{
    // Lives whose pages are read; one more costs the derivation of its key, some microseconds, and another one goes.
    private const int MostLives = 64;

    private const long MostGenerations = 1L << 36;

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<LifeId, SealLife> _lives = new();
    private SealLife? _own;

    /// <summary>What happens to who seals or opens after the end.</summary>
    public static ObjectDisposedException Forgotten() =>
        new(nameof(AreaSealer), "The area's keys have been forgotten: its session is over, or its connection.");

    /// <summary>
    /// The life that seals with a generation. Generations come a little out of order, so a later one may have begun the
    /// next life already.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The keys have been forgotten.</exception>
    public SealLife For(ulong generation)
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
        if (ring.TryDerive(id.Key, salt, info, key.Span))
        {
            return new SealLife(id, key) { FirstGeneration = firstGeneration };
        }

        key.Dispose();
        return null;
    }

    /// <summary>Takes a cipher of a life.</summary>
    /// <param name="id">Which life.</param>
    /// <param name="life">Gets the life.</param>
    /// <param name="isDerived">Gets whether it was derived for this call, and is the caller's to keep or
    /// dispose.</param>
    /// <returns>The cipher; null: the ring has not its data key.</returns>
    public AesGcm? TryTake(LifeId id, out SealLife? life, out bool isDerived)
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

    /// <summary>
    /// Keeps a life. Only one of which a page has opened: others may be made up, and must not push these out.
    /// </summary>
    /// <returns>Whether it is kept; else another one of its name is.</returns>
    public bool TryKeep(SealLife life)
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

    /// <summary>Ends all lives.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            Interlocked.Exchange(ref _own, null)?.Dispose();
            foreach (SealLife life in _lives.Values)
            {
                life.Dispose();
            }

            _lives.Clear();
        }
    }
}
