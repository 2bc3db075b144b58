using CsCheck;
using Xunit;

namespace RemoteSwap.Codec.Tests;

public sealed class PageCodecTests
{
    private const int Runs = 5000;

    [Fact]
    public void A_page_comes_back_as_it_was()
    {
        TestPages.Gen.Sample(
            page =>
            {
                byte[] zpage = new byte[PageSize.Bytes];
                byte[] decoded = new byte[PageSize.Bytes];

                int bytes = PageCodec.Default.Encode(page, zpage, out ZpageEncoding encoding);
                ReadOnlySpan<byte> sent = zpage.AsSpan(0, bytes);

                Assert.Equal(ZpageFault.None, PageCodec.Check(encoding, sent, PageChecksum.OfZpage(sent)));
                Assert.Equal(ZpageFault.None, PageCodec.Default.Decode(encoding, sent, decoded));
                Assert.Equal(page, decoded);
            },
            iter: Runs);
    }

    [Fact]
    public void Every_length_of_noise_comes_back_as_it_was_in_a_size_that_suits_a_frame()
    {
        byte[] zpage = new byte[PageSize.Bytes];
        byte[] decoded = new byte[PageSize.Bytes];
        byte[] noise = TestPages.Create(5, 1);
        for (int length = 0; length <= PageSize.Bytes; length++)
        {
            byte[] page = new byte[PageSize.Bytes];
            noise.AsSpan(0, length).CopyTo(page);

            int bytes = PageCodec.Default.Encode(page, zpage, out ZpageEncoding encoding);

            Assert.Equal(ZpageFault.None, PageCodec.Default.Decode(encoding, zpage.AsSpan(0, bytes), decoded));
            Assert.True(page.AsSpan().SequenceEqual(decoded));
            Assert.True(encoding == ZpageEncoding.Raw ? bytes == 4096 : bytes <= 3968, $"{encoding} of {bytes} bytes");
        }
    }

    [Theory]
    [InlineData(0, ZpageEncoding.Fill)]
    [InlineData(1, ZpageEncoding.Fill)]
    [InlineData(2, ZpageEncoding.Lz4)]
    [InlineData(3, ZpageEncoding.Lz4)]
    [InlineData(4, ZpageEncoding.Lz4)]
    [InlineData(5, ZpageEncoding.Raw)]
    public void The_cheapest_encoding_is_chosen(int kind, ZpageEncoding expected)
    {
        byte[] zpage = new byte[PageSize.Bytes];

        int bytes = PageCodec.Default.Encode(TestPages.Create(kind, 7), zpage, out ZpageEncoding encoding);

        Assert.Equal(expected, encoding);
        Assert.Equal(expected == ZpageEncoding.Fill ? 8 : expected == ZpageEncoding.Raw ? 4096 : bytes, bytes);
    }

    [Theory]
    [InlineData(ZpageEncoding.None, 8, ZpageFault.UnknownEncoding)]
    [InlineData((ZpageEncoding)5, 100, ZpageFault.UnknownEncoding)]
    [InlineData((ZpageEncoding)255, 0, ZpageFault.UnknownEncoding)]
    [InlineData(ZpageEncoding.Fill, 0, ZpageFault.WrongLength)]
    [InlineData(ZpageEncoding.Fill, 7, ZpageFault.WrongLength)]
    [InlineData(ZpageEncoding.Fill, 9, ZpageFault.WrongLength)]
    [InlineData(ZpageEncoding.Raw, 0, ZpageFault.WrongLength)]
    [InlineData(ZpageEncoding.Raw, 4095, ZpageFault.WrongLength)]
    [InlineData(ZpageEncoding.Raw, 4097, ZpageFault.WrongLength)]
    [InlineData(ZpageEncoding.Sealed, 26, ZpageFault.WrongLength)]
    [InlineData(ZpageEncoding.Sealed, 3969, ZpageFault.WrongLength)]
    [InlineData(ZpageEncoding.Sealed, 4096, ZpageFault.WrongLength)]
    [InlineData(ZpageEncoding.Sealed, 4123, ZpageFault.WrongLength)]
    [InlineData(ZpageEncoding.Lz4, 0, ZpageFault.WrongLength)]
    [InlineData(ZpageEncoding.Lz4, 4097, ZpageFault.WrongLength)]
    [InlineData(ZpageEncoding.Lz4, 1, ZpageFault.MalformedBlock)]
    [InlineData(ZpageEncoding.Lz4, 4096, ZpageFault.MalformedBlock)]
    public void A_wrong_encoding_or_length_is_refused(ZpageEncoding encoding, int bytes, ZpageFault expected)
    {
        byte[] zpage = new byte[bytes];

        Assert.Equal(expected, PageCodec.Check(encoding, zpage, PageChecksum.OfZpage(zpage)));
        Assert.Equal(expected, PageCodec.Default.Decode(encoding, zpage, new byte[PageSize.Bytes]));
    }

    [Theory]
    [InlineData(27)]
    [InlineData(3968)]
    [InlineData(4122)]
    public void Of_a_sealed_zpage_length_and_checksum_are_checked_and_nothing_else(int bytes)
    {
        byte[] zpage = new byte[bytes];

        Assert.Equal(ZpageFault.None, PageCodec.Check(ZpageEncoding.Sealed, zpage, PageChecksum.OfZpage(zpage)));
        Assert.Equal(ZpageFault.WrongZpageChecksum, PageCodec.Check(ZpageEncoding.Sealed, zpage, 1));
        Assert.Equal(
            ZpageFault.Sealed, PageCodec.Default.Decode(ZpageEncoding.Sealed, zpage, new byte[PageSize.Bytes]));
    }

    [Fact]
    public void No_encoding_and_no_length_make_it_throw()
    {
        byte[] page = new byte[PageSize.Bytes];
        for (int encoding = 0; encoding <= byte.MaxValue; encoding++)
        {
            foreach (int bytes in (int[])[0, 1, 2, 7, 8, 9, 3968, 3969, 4095, 4096, 4097, 70_000])
            {
                byte[] zpage = new byte[bytes];
                new Random(bytes).NextBytes(zpage);
                ZpageFault checkedFault = PageCodec.Check((ZpageEncoding)encoding, zpage, PageChecksum.OfZpage(zpage));

                // Of a sealed one nothing is wrong but that it takes a key.
                ZpageFault expected = encoding == (int)ZpageEncoding.Sealed && checkedFault == ZpageFault.None
                    ? ZpageFault.Sealed
                    : checkedFault;
                Assert.Equal(expected, PageCodec.Default.Decode((ZpageEncoding)encoding, zpage, page));
            }
        }
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_refused()
    {
        foreach (int kind in (int[])[1, 3, 5])
        {
            byte[] zpage = new byte[PageSize.Bytes];
            int bytes = PageCodec.Default.Encode(TestPages.Create(kind, 3), zpage, out ZpageEncoding encoding);
            uint checksum = PageChecksum.OfZpage(zpage.AsSpan(0, bytes));
            for (int bit = 0; bit < bytes * 8; bit++)
            {
                zpage[bit / 8] ^= (byte)(1 << (bit % 8));
                ZpageFault fault = PageCodec.Check(encoding, zpage.AsSpan(0, bytes), checksum);
                Assert.Equal(ZpageFault.WrongZpageChecksum, fault);
                zpage[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4095)]
    [InlineData(4097)]
    public void A_page_of_another_size_is_misuse(int bytes)
    {
        byte[] room = new byte[PageSize.Bytes];

        Assert.Throws<ArgumentOutOfRangeException>(() => PageCodec.Default.Encode(new byte[bytes], room, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            PageCodec.Default.Decode(ZpageEncoding.Raw, room, new byte[bytes]));
        Assert.Throws<ArgumentOutOfRangeException>(() => PageCodec.Default.Encode(room, new byte[4095], out _));
    }
}
