using RemoteSwap.Codec;

namespace RemoteSwap.Client.Tests.Fakes;

/// <summary>Pages of every kind; the same seed gives the same bytes.</summary>
internal static class Pages
{
    /// <summary>A page that compresses.</summary>
    public static byte[] Text(int seed)
    {
        byte[] page = new byte[PageSize.Bytes];
        Random random = new(seed);
        for (int i = 0; i < page.Length; i++)
        {
            page[i] = (byte)('a' + (i % 7) + (random.Next(16) == 0 ? random.Next(10) : 0));
        }

        return page;
    }

    /// <summary>A page that does not compress.</summary>
    public static byte[] Noise(int seed)
    {
        byte[] page = new byte[PageSize.Bytes];
        new Random(seed).NextBytes(page);
        return page;
    }

    /// <summary>A page of one repeated word.</summary>
    public static byte[] Filled(ulong word)
    {
        byte[] page = new byte[PageSize.Bytes];
        SameFilledPage.Fill(page, word);
        return page;
    }

    /// <summary>A page of any kind.</summary>
    public static byte[] Any(int seed) => (seed % 3) switch
    {
        0 => Text(seed),
        1 => Noise(seed),
        _ => Filled((ulong)seed),
    };

    /// <summary>Pages of all kinds back to back.</summary>
    public static byte[] Many(int count, int seed = 0) =>
        Enumerable.Range(seed, count).SelectMany(Any).ToArray();

    /// <summary>Slots one after the other.</summary>
    public static ulong[] Slots(int count, ulong first = 0) =>
        Enumerable.Range(0, count).Select(i => first + (ulong)i).ToArray();

    /// <summary>One page of many.</summary>
    public static byte[] Nth(byte[] pages, int page) =>
        pages.AsSpan(page * PageSize.Bytes, PageSize.Bytes).ToArray();
}
