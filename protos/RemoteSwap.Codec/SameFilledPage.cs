using System.Runtime.InteropServices;

namespace RemoteSwap.Codec;

/// <summary>
/// Pages of one repeated 8-byte word; the zero page is the common case. Such a page needs no compression and no frame
/// (zswap 4.16 to 6.11, zram's same-element pages).
/// </summary>
public static class SameFilledPage
{
    /// <summary>Tells whether a page is one repeated word.</summary>
    /// <param name="page">Exactly 4,096 bytes.</param>
    /// <param name="word">The word, in memory order.</param>
    public static bool TryGetWord(ReadOnlySpan<byte> page, out ulong word)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(page);
        word = words[0];

        // Most pages differ within a few words of their end; the vectorised scan is for those that do not.
        return words[^1] == word && words[words.Length / 2] == word && words.IndexOfAnyExcept(word) < 0;
    }

    /// <summary>Fills a page with a word.</summary>
    public static void Fill(Span<byte> page, ulong word) => MemoryMarshal.Cast<byte, ulong>(page).Fill(word);
}
