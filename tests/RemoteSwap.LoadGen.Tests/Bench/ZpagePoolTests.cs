using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Bench.Lanes;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Bench;

public sealed class ZpagePoolTests
{
    private const int Count = 64;

    [Theory]
    [InlineData(1600)]
    [InlineData(800)]
    public void Zpages_are_of_the_size_asked_for_all_different_and_decode_to_the_page_of_their_checksum(int bytes)
    {
        ZpagePool pool = ZpagePool.Make(RawPagePool.Read(), bytes, Count);

        byte[] page = new byte[PageSize.Bytes];
        HashSet<uint> seen = [];
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<byte> zpage = pool.Run(i, 1).Span;

            Assert.Equal(bytes, zpage.Length);
            Assert.Equal(ZpageFault.None, PageCodec.Default.Decode(ZpageEncoding.Lz4, zpage, page));
            Assert.Equal(pool.PageCrcs(i, 1)[0], PageChecksum.OfZpage(page));
            Assert.True(seen.Add(PageChecksum.OfZpage(zpage)));
        }
    }
}
