using CsCheck;
using Xunit;

namespace RemoteSwap.Codec.Tests;

/// <summary>A batch is checked as its zpages are one by one, up to the first that has a fault.</summary>
public sealed class CheckAllTests
{
    private const int MaxZpages = 40;
    private const int Runs = 5000;

    [Fact]
    public void It_finds_the_first_fault_that_single_checks_find() => Gen.Int[0, int.MaxValue].Sample(
        seed =>
        {
            Random random = new(seed);
            int count = random.Next(MaxZpages);
            ZpageEncoding[] encodings = new ZpageEncoding[count];
            byte[][] zpages = new byte[count][];
            uint[] checksums = new uint[count];
            int firstWrongSum = count;
            for (int i = count - 1; i >= 0; i--)
            {
                zpages[i] = Zpage(random, out encodings[i]);
                checksums[i] = PageChecksum.OfZpage(zpages[i]);
                if (random.Next(80) == 0)
                {
                    checksums[i] ^= 1;
                    firstWrongSum = i;
                }
            }

            bool walksBlocks = random.Next(4) > 0;
            int expected = 0;
            ZpageFault expectedFault = ZpageFault.None;
            for (; expected < count; expected++)
            {
                expectedFault = PageCodec.Check(encodings[expected], zpages[expected], checksums[expected]);
                expectedFault = expectedFault == ZpageFault.MalformedBlock && !walksBlocks
                    ? ZpageFault.None
                    : expectedFault;
                if (expectedFault != ZpageFault.None)
                {
                    break;
                }
            }

            int first = PageCodec.CheckAll(
                encodings,
                [.. zpages.Select(zpage => zpage.Length)],
                checksums,
                (byte[])[.. zpages.SelectMany(zpage => zpage)],
                walksBlocks,
                out ZpageFault fault);

            Assert.Equal((expected, expectedFault), (first, fault));
            Assert.True(first <= firstWrongSum, $"the wrong checksum of zpage {firstWrongSum} is not found");
        },
        iter: Runs);

    [Fact]
    public void Columns_that_do_not_fit_together_are_misuse()
    {
        ZpageEncoding[] encodings = [ZpageEncoding.Lz4, ZpageEncoding.Lz4];

        AssertMisuse([1], [0, 0], 9);
        AssertMisuse([1, 1], [0], 9);
        AssertMisuse([9, 1], [0, 0], 8);
        AssertMisuse([-1, 1], [0, 0], 8);

        void AssertMisuse(int[] sizes, uint[] checksums, int bytes) => Assert.ThrowsAny<ArgumentException>(
            () => PageCodec.CheckAll(encodings, sizes, checksums, new byte[bytes], walksBlocks: true, out _));
    }

    private static byte[] Zpage(Random random, out ZpageEncoding encoding)
    {
        byte[] room = new byte[PageSize.Bytes];
        int bytes = PageCodec.Default.Encode(TestPages.Create(random.Next(7), random.Next()), room, out encoding);
        switch (random.Next(60))
        {
            case 0:
                return room[..random.Next(PageSize.Bytes)];
            case 1:
                encoding = (ZpageEncoding)random.Next(6);
                return room[..bytes];
            case 2:
                encoding = ZpageEncoding.Lz4;
                return BlockFuzz.Create(random.Next());
            default:
                return room[..bytes];
        }
    }
}
