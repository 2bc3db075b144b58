using RemoteSwap.Codec;
using RemoteSwap.V1;

namespace RemoteSwap.Client.Tests.Fakes;

/// <summary>Lies about one page of a load's reply whose shape is right.</summary>
internal static class PageLies
{
    /// <summary>The area of the pages that the lies are about.</summary>
    public const uint Area = 2;

    /// <summary>Their slots.</summary>
    public static readonly ulong[] Slots = [0, 1, 2, 3];

    /// <summary>Lies by name, with the page that they are about.</summary>
    public static Dictionary<string, (int Page, Action<LoadResponse> Lie)> All { get; } = new(StringComparer.Ordinal)
    {
        ["wrong zpage checksum"] = (0, r => r.ZpageChecksums[0]++),
        ["a bit flipped in a block"] = (0, r => r.Rewrite(0, z => z[9] ^= 4, fixChecksum: false)),
        ["a bit flipped in a block, checksum made to fit"] = (0, r => r.Rewrite(0, z => z[^1] ^= 4)),
        ["a bit flipped in a raw page, checksum made to fit"] = (1, r => r.Rewrite(1, z => z[77] ^= 1)),
        ["a bit flipped in a word, checksum made to fit"] = (2, r => r.Rewrite(2, z => z[7] ^= 128)),
        ["malformed block"] = (0, r => r.Rewrite(0, z => z.Fill(0xFF))),
        ["block of zeroes"] = (0, r => r.Rewrite(0, z => z.Clear())),
        ["block that decodes to less than a page"] = (0, r => r.Replace(0, [0x50, 1, 2, 3, 4, 5])),
        ["block that decodes to more than a page"] = (0, r => r.Replace(0, LongBlock())),
        ["block with an offset before the page"] =
            (0, r => r.Replace(0, [0x1F, 7, 0xFF, 0xFF, 0, 0x50, 1, 2, 3, 4, 5])),
        ["block cut off"] = (0, r => r.Replace(0, r.Zpage(0)[..^3])),
        ["raw page cut off"] = (1, r => r.Replace(1, r.Zpage(1)[..^1])),
        ["raw page of no bytes"] = (1, r => r.Replace(1, [])),
        ["block of no bytes"] = (3, r => r.Replace(3, [])),
        ["word of seven bytes"] = (2, r => r.Replace(2, r.Zpage(2)[..^1])),
        ["word of a page's length"] = (2, r => r.Replace(2, new byte[4096])),
        ["raw page called a block"] = (1, r => r.Encodings[1] = V1.Encoding.Lz4),
        ["block called a raw page"] = (0, r => r.Encodings[0] = V1.Encoding.Raw),
        ["block called a word"] = (0, r => r.Encodings[0] = V1.Encoding.Fill),
        ["page of another slot"] = (0, r => r.TakeFrom(0, 3, withGeneration: false)),
        ["page of another slot with its generation"] = (0, r => r.TakeFrom(0, 3, withGeneration: true)),
        ["page of another slot, page checksum kept"] = (0, TakeAllButPageChecksum),
        ["wrong page checksum"] = (0, r => r.PageChecksums[0]++),
        ["stored without page checksum"] = (0, r => r.PageChecksums[0] = 0),
        ["page checksum without identity"] = (0, r => r.PageChecksums[0] = PageChecksum.OfZpage(Pages.Text(10))),
        ["newer generation"] = (0, r => r.Generations[0]++),
        ["older generation"] = (0, r => r.Generations[0]--),
        ["no generation"] = (0, r => Restamp(r, 0)),
        ["generation above the largest"] = (0, r => Restamp(r, 1UL << 56)),
        ["said to be corrupt"] = (0, SayCorrupt),
    };

    /// <summary>The pages: text, noise, one word, text.</summary>
    public static byte[] Stored() =>
        [.. Pages.Text(10), .. Pages.Noise(11), .. Pages.Filled(12), .. Pages.Text(13)];

    private static void TakeAllButPageChecksum(LoadResponse r)
    {
        uint own = r.PageChecksums[0];
        r.TakeFrom(0, 3, withGeneration: false);
        r.PageChecksums[0] = own;
    }

    private static void SayCorrupt(LoadResponse r)
    {
        r.Replace(0, []);
        r.Outcomes[0] = V1.LoadOutcome.Corrupt;
    }

    // A checksum that fits, so that only the number itself is wrong.
    private static void Restamp(LoadResponse reply, ulong generation)
    {
        reply.Generations[0] = generation;
        reply.PageChecksums[0] = PageChecksum.OfPage(Pages.Text(10), Area, Slots[0], generation);
    }

    // One literal, a match of 19 + 16 * 255 + 20 bytes, five literals: 4,125 bytes.
    private static byte[] LongBlock() =>
        [0x1F, 7, 1, 0, .. Enumerable.Repeat((byte)0xFF, 16), 20, 0x50, 1, 2, 3, 4, 5];
}
