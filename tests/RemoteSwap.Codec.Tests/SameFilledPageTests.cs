using CsCheck;
using Xunit;

namespace RemoteSwap.Codec.Tests;

public sealed class SameFilledPageTests
{
    private const int Runs = 5000;

    [Fact]
    public void It_agrees_with_a_comparison_of_every_byte()
    {
        TestPages.Gen.Sample(
            page =>
            {
                bool expected = true;
                for (int i = sizeof(ulong); i < page.Length; i++)
                {
                    expected &= page[i] == page[i - sizeof(ulong)];
                }

                Assert.Equal(expected, SameFilledPage.TryGetWord(page, out ulong word));
                Assert.Equal(BitConverter.ToUInt64(page), word);
            },
            iter: Runs);
    }

    [Fact]
    public void A_difference_in_any_byte_is_seen()
    {
        byte[] page = TestPages.Create(1, 9);
        Assert.True(SameFilledPage.TryGetWord(page, out _));
        for (int i = 0; i < page.Length; i++)
        {
            page[i] ^= 0x10;
            Assert.False(SameFilledPage.TryGetWord(page, out _));
            page[i] ^= 0x10;
        }
    }

    [Fact]
    public void A_word_fills_a_page_in_memory_order()
    {
        byte[] page = new byte[PageSize.Bytes];
        SameFilledPage.Fill(page, BitConverter.ToUInt64([1, 2, 3, 4, 5, 6, 7, 8]));

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 1, 2], page[..10]);
        Assert.Equal([7, 8], page[^2..]);
    }
}
