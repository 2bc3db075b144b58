using System.Buffers;
using RemoteSwap.Codec;

namespace RemoteSwap.Store.Tests.Rig;

/// <summary>
/// Bytes that stand for zpages: the store never decodes them, so any bytes with a right checksum will do.
/// </summary>
internal static class Zpages
{
    /// <summary>Bytes that only this seed has, at any length from 8 up.</summary>
    public static byte[] Make(int seed, int length)
    {
        byte[] zpage = new byte[length];
        new Random(seed).NextBytes(zpage);
        return zpage;
    }

    /// <summary>Zpages back to back in one run of bytes.</summary>
    public static ReadOnlySequence<byte> Message(params byte[][] zpages) => new([.. zpages.SelectMany(zpage => zpage)]);

    public static StorePage Page(
        uint area, ulong slot, ulong generation, byte[] zpage, ZpageEncoding? encoding = null) =>
        new()
        {
            Area = new AreaId(area),
            Slot = new Slot(slot),
            Generation = new Generation(generation),
            Encoding = encoding ?? EncodingOf(zpage.Length),
            Zpage = zpage,
            ZpageChecksum = PageChecksum.OfZpage(zpage),
            PageChecksum = PageChecksum.OfZpage(zpage) ^ 0x5A5A5A5A,
        };

    public static ZpageEncoding EncodingOf(int length) => length switch
    {
        ZpageLimits.FillBytes => ZpageEncoding.Fill,
        PageSize.Bytes => ZpageEncoding.Raw,
        ZpageLimits.MaxBytes => ZpageEncoding.Sealed,
        _ => ZpageEncoding.Lz4,
    };
}
