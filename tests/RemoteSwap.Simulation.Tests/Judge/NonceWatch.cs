using RemoteSwap.Codec;
using RemoteSwap.V1;

namespace RemoteSwap.Simulation.Judge;

/// <summary>
/// Looks at every store that leaves a client, whichever life of whichever client, over whatever stream and however
/// often: no page travels unsealed, and what one life has sealed with one generation is the same bytes each time.
/// </summary>
internal sealed class NonceWatch
{
    private const int SaltAndKeyBytes = 14;
    private readonly Dictionary<(string Life, ulong Generation), int> _sealed = [];

    /// <summary>Pages that were seen, each once.</summary>
    public int Count => _sealed.Count;

    /// <summary>Looks at a message of a stream.</summary>
    public void Look(byte[] message)
    {
        ExchangeRequest request = ExchangeRequest.Parser.ParseFrom(message);
        int start = 0;
        for (int i = 0; i < (request.Store?.Slots.Count ?? 0); i++)
        {
            StoreRequest store = request.Store!;
            ReadOnlySpan<byte> zpage = store.Zpages.Span.Slice(start, (int)store.Sizes[i]);
            start += zpage.Length;
            if (store.Encodings[i] != Encoding.Sealed)
            {
                throw new SimViolationException($"a page leaves as {store.Encodings[i]}");
            }

            HashCode bytes = default;
            bytes.AddBytes(zpage);
            int hash = bytes.ToHashCode();
            string life = Convert.ToHexString(zpage.Slice(zpage.Length - ZpageLimits.SealBytes, SaltAndKeyBytes));
            if (!_sealed.TryAdd((life, store.Generations[i]), hash)
                && _sealed[(life, store.Generations[i])] != hash)
            {
                throw new SimViolationException($"generation {store.Generations[i]} was sealed twice by one life");
            }
        }
    }
}
