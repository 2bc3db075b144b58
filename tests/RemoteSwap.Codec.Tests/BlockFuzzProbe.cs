using CsCheck;
using K4os.Compression.LZ4;

namespace RemoteSwap.Codec.Tests;

/// <summary>
/// The fuzz runs themselves, without a test framework, so that they also run inside a mutant's build.
/// </summary>
internal static class BlockFuzzProbe
{
    private const int GuardBytes = 256;
    private const byte Guard = 0xC3;

    /// <summary>Checks the format walker and the codec on made-up blocks.</summary>
    /// <param name="cases">How many.</param>
    /// <returns>How many the walker accepted.</returns>
    public static int Run(int cases)
    {
        int accepted = 0;
        Gen.Int[0, int.MaxValue].Sample(
            seed =>
            {
                byte[] block = BlockFuzz.Create(seed);
                bool accepts = Lz4BlockFormat.DecodesToOnePage(block);
                if (accepts)
                {
                    Interlocked.Increment(ref accepted);
                    CheckAccepted(block);
                }

                CheckDecode(block, accepts);
            },
            iter: cases);
        return accepted;
    }

    private static void CheckAccepted(byte[] block)
    {
        byte[] page = new byte[PageSize.Bytes];
        byte[] roomy = new byte[PageSize.Bytes + GuardBytes];
        Require(LZ4Codec.Decode(block, page) == PageSize.Bytes, "K4os decodes what is accepted");
        Require(LZ4Codec.Decode(block, roomy) == PageSize.Bytes, "it is one page, not more that was cut off");
        Require(page.AsSpan().SequenceEqual(NaiveLz4.Decode(block)), "K4os decodes as the format says");
    }

    private static void CheckDecode(byte[] block, bool accepts)
    {
        byte[] room = new byte[PageSize.Bytes + (2 * GuardBytes)];
        Array.Fill(room, Guard);
        Span<byte> page = room.AsSpan(GuardBytes, PageSize.Bytes);

        ZpageFault fault = PageCodec.Default.Decode(ZpageEncoding.Lz4, GuardedBlock.OfThisThread.Copy(block), page);

        Require(room.AsSpan(0, GuardBytes).IndexOfAnyExcept(Guard) < 0, "nothing is written before the page");
        Require(
            room.AsSpan(GuardBytes + PageSize.Bytes).IndexOfAnyExcept(Guard) < 0,
            "nothing is written behind the page");
        Require(
            !accepts || block.Length > PageSize.Bytes || fault == ZpageFault.None,
            $"what is accepted is decoded ({fault})");
    }

    private static void Require(bool holds, string rule)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"broken: {rule}");
        }
    }
}
