using RemoteSwap.Codec;

namespace RemoteSwap.LoadGen.Bench.Lanes;

/// <summary>
/// Makes of a real page one whose LZ4 block has exactly so many bytes: keeps the front of the page, so that the block
/// has as many sequences as that part had, then some random bytes, then zeroes. Pages that compress much better, or
/// much worse, are not taken: they would be mostly random bytes or mostly zeroes.
/// </summary>
/// <param name="blockBytes">Bytes of each block.</param>
internal sealed class ZpageMaker(int blockBytes)
{
    // At least so many random bytes make each page unlike all others.
    private const int LeastRandomBytes = 12;
    private const int MostRandomBytes = 160;
    private const int MostTries = 4 * MostRandomBytes;

    // Blocks of 1,600 bytes are made of pages whose own blocks have 1,500 to 2,400.
    private const double LeastShare = 0.94;
    private const double MostShare = 1.5;

    private readonly SeededRandom _random = new((ulong)blockBytes);
    private readonly byte[] _room = new byte[PageSize.Bytes];
    private readonly byte[] _trial = new byte[PageSize.Bytes];
    private readonly byte[] _noise = new byte[MostRandomBytes];

    /// <summary>Changes a page and encodes it.</summary>
    /// <param name="page">The page; changed.</param>
    /// <param name="block">Gets the block; as long as the block is to be.</param>
    /// <returns>Whether it could be made of this page; if not, the page is as it was.</returns>
    public bool TryMake(Span<byte> page, Span<byte> block)
    {
        int own = Encode(page, kept: PageSize.Bytes, noise: 0);
        if (own < blockBytes * LeastShare || own > blockBytes * MostShare)
        {
            return false;
        }

        _random.Fill(_noise);
        int kept = LongestFront(page);
        int noise = LeastRandomBytes;
        for (int attempt = 0; attempt < MostTries; attempt++)
        {
            int bytes = Encode(page, kept, noise);
            if (bytes == blockBytes)
            {
                _trial.CopyTo(page);
                _room.AsSpan(0, blockBytes).CopyTo(block);
                return true;
            }

            // Further random bytes make the block longer by about as much; a shorter front makes it shorter.
            (kept, noise) = bytes < blockBytes && noise < MostRandomBytes && kept + noise < PageSize.Bytes
                ? (kept, noise + 1)
                : (kept - 1, LeastRandomBytes);
            if (kept < PageSize.Bytes / 4)
            {
                return false;
            }
        }

        return false;
    }

    private int LongestFront(ReadOnlySpan<byte> page)
    {
        int low = 0;
        int high = PageSize.Bytes - LeastRandomBytes;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (Encode(page, middle, LeastRandomBytes) <= blockBytes)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    private int Encode(ReadOnlySpan<byte> page, int kept, int noise)
    {
        page[..kept].CopyTo(_trial);
        _noise.AsSpan(0, noise).CopyTo(_trial.AsSpan(kept));
        _trial.AsSpan(kept + noise).Clear();
        int bytes = PageCodec.Default.Encode(_trial, _room, out ZpageEncoding encoding);
        return encoding == ZpageEncoding.Lz4 ? bytes : PageSize.Bytes;
    }
}
