using System.Buffers;
using RemoteSwap.Codec;
using RemoteSwap.Store;

namespace RemoteSwap.Benchmarks.Data;

/// <summary>
/// A store with pages in slots 0 to n - 1 of one area, stored in random order, and the batches to go on with: 32 real
/// zpages of about 1,600 bytes each, at slots that come at random.
/// </summary>
internal sealed class FilledStore : IDisposable
{
    /// <summary>Pages of a batch.</summary>
    public const int BatchPages = 32;

    private const int Batches = 8;
    private const int MinZpageBytes = 1344;
    private const int MaxZpageBytes = 1984;
    private const long SpareBytes = 64L << 20;
    private readonly PageStore _store;
    private readonly Tenant _tenant;
    private readonly StoreBatch[] _batches = new StoreBatch[Batches];
    private readonly LoadBatch _load = new() { Count = BatchPages };
    private readonly NumberDraw _slots;
    private int _nextBatch;

    /// <param name="pages">How many pages, a multiple of 32.</param>
    public FilledStore(int pages)
    {
        _slots = new NumberDraw(pages);
        _store = new PageStore(
            new StoreOptions { LimitBytes = ((long)pages * PageSize.Bytes) + SpareBytes },
            new Dictionary<string, TenantOptions>(StringComparer.Ordinal) { ["bench"] = new() });
        _tenant = _store.Tenants[0];
        List<byte[]> zpages = RealPages.Zpages(MinZpageBytes, MaxZpageBytes);
        Random random = new(2);
        for (int batch = 0; batch < Batches; batch++)
        {
            _batches[batch] = BatchOf(random.GetItems(zpages.ToArray(), BatchPages));
        }

        double mean = _batches.Average(batch => (double)batch.Zpages.Length / BatchPages);
        Console.WriteLine($"// mean zpage {mean:F0} bytes");
        Fill(FillOrder.Random(pages, seed: 3));
    }

    /// <summary>The batch that is stored next, with its slots.</summary>
    public StoreBatch NextBatch()
    {
        _nextBatch = (_nextBatch + 1) % Batches;
        StoreBatch batch = _batches[_nextBatch];
        for (int page = 0; page < BatchPages; page++)
        {
            batch.Slots[page] = (ulong)_slots.Next();
        }

        return batch;
    }

    public void Store(StoreBatch batch) => _store.Store(_tenant, batch);

    /// <summary>Loads 32 pages from slots that come at random.</summary>
    public ValueTask LoadAsync()
    {
        for (int page = 0; page < BatchPages; page++)
        {
            _load.Slots[page] = (ulong)_slots.Next();
        }

        return _store.LoadAsync(_tenant, _load);
    }

    /// <summary>Makes sure that the last batch was stored, so that no refusal is taken for speed.</summary>
    public void CheckStored()
    {
        if (_batches[_nextBatch].Outcomes.AsSpan(0, BatchPages).ContainsAnyExcept(StoreOutcome.Stored))
        {
            throw new InvalidOperationException("a page was not stored");
        }
    }

    /// <summary>Makes sure that the last batch was loaded and decodes.</summary>
    public void CheckLoaded()
    {
        int offset = 0;
        byte[] page = new byte[PageSize.Bytes];
        for (int number = 0; number < BatchPages; number++)
        {
            LoadedPage loaded = _load.Pages[number];
            ReadOnlySpan<byte> zpage = _load.Zpages.Span.Slice(offset, loaded.Length);
            offset += loaded.Length;
            if (_load.Outcomes[number] != LoadOutcome.Loaded
                || PageCodec.Default.Decode(loaded.Encoding, zpage, page) != ZpageFault.None)
            {
                throw new InvalidOperationException($"page {number}: {_load.Outcomes[number]}");
            }
        }
    }

    public void Dispose() => _store.Dispose();

    private void Fill(int[] order)
    {
        for (int first = 0; first < order.Length; first += BatchPages)
        {
            StoreBatch batch = NextBatch();
            for (int page = 0; page < BatchPages; page++)
            {
                batch.Slots[page] = (ulong)order[first + page];
            }

            Store(batch);
            CheckStored();
        }
    }

    private static StoreBatch BatchOf(byte[][] zpages)
    {
        StoreBatch batch = new()
        {
            Count = BatchPages,
            Zpages = new ReadOnlySequence<byte>([.. zpages.SelectMany(zpage => zpage)]),
        };
        for (int page = 0; page < BatchPages; page++)
        {
            batch.Sizes[page] = zpages[page].Length;
            batch.Encodings[page] = ZpageEncoding.Lz4;
            batch.ZpageChecksums[page] = PageChecksum.OfZpage(zpages[page]);
        }

        return batch;
    }
}
