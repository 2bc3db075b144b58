using RemoteSwap.Codec;

namespace RemoteSwap.Server.Tests.Support;

/// <summary>Pages of every kind; the same seed gives the same bytes.</summary>
internal static class PageKinds
{
    /// <summary>A page that compresses to less than half a frame.</summary>
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

    /// <summary>A page whose zpage takes more than half of a frame, so that no two of them share one.</summary>
    public static byte[] Lone(int seed)
    {
        byte[] page = Noise(seed);
        page.AsSpan(0, PageSize.Bytes / 4).Clear();
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

    /// <summary>A page of any kind; a wide word among them.</summary>
    public static byte[] Any(int seed) => (seed % 4) switch
    {
        0 => Text(seed),
        1 => Lone(seed),
        2 => Noise(seed),
        _ => Filled((ulong)seed * 0x0123_4567_89AB_CDEFUL),
    };
}
