using System.Text;
using CsCheck;
using Xunit;

namespace RemoteSwap.Codec.Tests;

public sealed class PageChecksumTests
{
    private const int Runs = 2000;

    [Fact]
    public void It_is_the_CRC32_of_zlib() =>
        Assert.Equal(0xCBF43926, PageChecksum.OfZpage(Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void It_agrees_with_a_bitwise_CRC32()
    {
        Gen.Byte.Array[0, 5000].Sample(bytes => Assert.Equal(Bitwise(bytes), PageChecksum.OfZpage(bytes)), iter: Runs);
    }

    [Fact]
    public void It_agrees_with_a_bitwise_CRC32_at_every_length_and_reads_nothing_else()
    {
        GuardedMemory memory = new(PageSize.Bytes);
        Random random = new(1);
        for (int bytes = 0; bytes <= 700; bytes++)
        {
            foreach (bool atEnd in new[] { false, true })
            {
                Span<byte> guarded = memory.Take(bytes, atEnd);
                random.NextBytes(guarded);
                Assert.Equal(Bitwise(guarded), PageChecksum.OfZpage(guarded));
            }
        }
    }

    [Fact]
    public void A_page_checksum_is_the_page_and_its_identity()
    {
        Gen.Select(Gen.Byte.Array[4096], Gen.UInt, Gen.ULong, Gen.ULong).Sample(
            (page, area, slot, generation) =>
            {
                byte[] identity =
                [
                    .. BitConverter.GetBytes(area),
                    .. BitConverter.GetBytes(slot),
                    .. BitConverter.GetBytes(generation),
                ];
                Assert.Equal(Bitwise(page) ^ Bitwise(identity), PageChecksum.OfPage(page, area, slot, generation));
            },
            iter: Runs / 4);
    }

    [Fact]
    public void Another_area_slot_or_generation_changes_it()
    {
        byte[] page = new byte[PageSize.Bytes];
        uint own = PageChecksum.OfPage(page, 1, 2, 3);
        for (int bit = 0; bit < 64; bit++)
        {
            ulong flip = 1UL << bit;
            Assert.NotEqual(own, PageChecksum.OfPage(page, 1u ^ (uint)(flip | (flip >> 32)), 2, 3));
            Assert.NotEqual(own, PageChecksum.OfPage(page, 1, 2 ^ flip, 3));
            Assert.NotEqual(own, PageChecksum.OfPage(page, 1, 2, 3 ^ flip));
        }

        // Neighbours and exchanged numbers: what a mix-up would give.
        uint[] all =
        [
            own,
            PageChecksum.OfPage(page, 2, 1, 3), PageChecksum.OfPage(page, 1, 3, 2), PageChecksum.OfPage(page, 3, 2, 1),
            PageChecksum.OfPage(page, 1, 2, 4), PageChecksum.OfPage(page, 1, 3, 3), PageChecksum.OfPage(page, 2, 2, 3),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    private static uint Bitwise(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
