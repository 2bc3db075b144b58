using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace RemoteSwap.Client.Sealing;

/// <summary>
/// The page key of one life, and the ciphers that have it. A cipher has one user at a time, so there are as many as
/// threads that seal at the same time; they are made when they are missed, and kept.
/// <para>
/// Lock-free where a cipher is there; its own lock where one is made, and around the end, so that no cipher is made of
/// a key that has been zeroed.
/// </para>
/// </summary>
/// <param name="id">Which life.</param>
/// <param name="key">Its page key; belongs to it.</param>
internal sealed class SealLife(LifeId id, SecretBytes key) : IDisposable
{
    /// <summary>Bytes of a tag.</summary>
    public const int TagBytes = 16;

    // More threads than these make ciphers that are not kept.
    private const int MostKept = 32;

    private readonly Lock _gate = new();
    private readonly AesGcm?[] _kept = new AesGcm?[MostKept];
    private bool _isOver;

    /// <summary>Which life.</summary>
    public LifeId Id => id;

    /// <summary>Of a life that seals: the generation that it began with.</summary>
    public ulong FirstGeneration { get; init; }

    /// <summary>Takes a cipher; null: the key is forgotten.</summary>
    public AesGcm? TryRent()
    {
        int first = Environment.CurrentManagedThreadId;
        for (int i = 0; i < MostKept; i++)
        {
            ref AesGcm? place = ref _kept[(first + i) % MostKept];
            if (place is not null && Interlocked.Exchange(ref place, null) is { } kept)
            {
                return kept;
            }
        }

        lock (_gate)
        {
            return _isOver ? null : new AesGcm(key.Span, TagBytes);
        }
    }

    /// <summary>Gives a cipher back.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "It is kept, or disposed.")]
    public void Return(AesGcm cipher)
    {
        int first = Environment.CurrentManagedThreadId;
        for (int i = 0; i < MostKept && !Volatile.Read(ref _isOver); i++)
        {
            ref AesGcm? place = ref _kept[(first + i) % MostKept];
            if (place is null && Interlocked.CompareExchange(ref place, cipher, null) is null)
            {
                if (Volatile.Read(ref _isOver))
                {
                    DropKept();
                }

                return;
            }
        }

        cipher.Dispose();
    }

    /// <summary>Forgets the key. Whoever has a cipher may end with it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            Volatile.Write(ref _isOver, true);
            key.Dispose();
        }

        DropKept();
    }

    private void DropKept()
    {
        foreach (ref AesGcm? place in _kept.AsSpan())
        {
            Interlocked.Exchange(ref place, null)?.Dispose();
        }
    }
}
