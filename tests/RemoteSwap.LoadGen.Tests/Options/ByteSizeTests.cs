using CsCheck;
using RemoteSwap.Units;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Options;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("4096", 4096)]
    [InlineData("4KiB", 4096)]
    [InlineData("4k", 4096)]
    [InlineData("8G", 8L << 30)]
    [InlineData("512MiB", 512L << 20)]
    [InlineData("1.5 GiB", 3L << 29)]
    [InlineData("1MB", 1_000_000)]
    [InlineData("2T", 2L << 40)]
    [InlineData("0", 0)]
    [InlineData("17B", 17)]
    public void Reads_sizes_with_units(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out ByteSize size));
        Assert.Equal(bytes, size.Bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("KiB")]
    [InlineData("-1")]
    [InlineData("4XB")]
    [InlineData("1,5G")]
    [InlineData("NaN")]
    [InlineData("1e30")]
    [InlineData("99999999999T")]
    public void Refuses_what_is_no_size(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Fact]
    public void Reads_back_what_it_writes() =>
        Gen.Long[0, 1L << 50].Sample(bytes =>
        {
            string text = new ByteSize(bytes).ToString();
            return ByteSize.TryParse(text, out ByteSize read)
                && Math.Abs(read.Bytes - bytes) <= Math.Max(1, bytes / 100);
        });
}
