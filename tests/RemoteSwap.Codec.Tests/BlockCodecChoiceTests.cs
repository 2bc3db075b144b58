using Xunit;

namespace RemoteSwap.Codec.Tests;

public sealed class BlockCodecChoiceTests
{
    private static readonly string[] NoSuchLibrary = ["libno-such-lz4.so.9"];

    // A library that every system of the first kind has, and that is no LZ4.
    private static readonly string[] OtherLibrary = ["libc.so.6", "libSystem.B.dylib", "kernel32.dll"];

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_the_library_the_managed_codec_does_the_work(string? wanted) =>
        Assert.Same(K4osBlockCodec.Instance, BlockCodecChoice.Of(wanted, NoSuchLibrary));

    [Fact]
    public void The_managed_codec_can_be_forced() =>
        Assert.Same(K4osBlockCodec.Instance, BlockCodecChoice.Of("k4os", NativeLz4BlockCodec.LibraryNames));

    [Fact]
    public void The_native_codec_is_taken_where_it_can_be_had()
    {
        Assert.SkipUnless(NativeLz4BlockCodec.TryLoad(out _, out string? fault), $"no liblz4: {fault}");

        Assert.StartsWith("liblz4 1.", BlockCodecChoice.Of(null, NativeLz4BlockCodec.LibraryNames).Name);
        Assert.StartsWith("liblz4 1.", BlockCodecChoice.Of("native", NativeLz4BlockCodec.LibraryNames).Name);
    }

    [Fact]
    public void A_forced_library_that_is_missing_is_named()
    {
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(
            () => BlockCodecChoice.Of("native", NoSuchLibrary));

        Assert.Contains("REMOTESWAP_CODEC is native", failure.Message);
        Assert.Contains("finds none of libno-such-lz4.so.9", failure.Message);
    }

    [Fact]
    public void An_unknown_codec_is_refused_with_the_known_ones() => Assert.Contains(
        "REMOTESWAP_CODEC is 'lzo'; k4os and native are known",
        Assert.Throws<InvalidOperationException>(() => BlockCodecChoice.Of("lzo", NoSuchLibrary)).Message);

    [Fact]
    public void Another_library_of_that_name_is_not_used()
    {
        Assert.False(NativeLz4BlockCodec.TryLoadFrom(OtherLibrary, 0, out _, out string? fault));
        Assert.Contains("lacks LZ4_versionNumber", fault);
    }

    [Fact]
    public void A_library_that_is_too_old_is_not_used()
    {
        Assert.SkipUnless(NativeLz4BlockCodec.TryLoad(out _, out string? missing), $"no liblz4: {missing}");

        Assert.False(NativeLz4BlockCodec.TryLoadFrom(
            NativeLz4BlockCodec.LibraryNames, 99_00_00, out _, out string? fault));
        Assert.Contains("99.0.0 is needed", fault);
    }
}
