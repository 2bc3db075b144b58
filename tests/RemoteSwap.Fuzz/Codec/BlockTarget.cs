using RemoteSwap.Codec;
using RemoteSwap.Codec.Tests;
using RemoteSwap.Fuzz.Core;

namespace RemoteSwap.Fuzz.Codec;

/// <summary>
/// Zpages: the first byte is the encoding and whether they lie before a guard or behind one, the second says how many
/// zpages of equal length the rest is cut into. Judges: a plain walk and a plain decoder, the codecs against each
/// other, a batch against its single checks, and memory on both sides that nobody may touch.
/// </summary>
internal sealed class BlockTarget : IFuzzTarget
{
    private const int AtEnd = 0x80;
    private const int MaxZpages = 9;
    private const int MaxBytes = MaxZpages * PageSize.Bytes;
    private const byte Untouched = 0xC3;

    private static readonly GuardedMemory s_blocks = new(MaxBytes);
    private static readonly GuardedMemory s_page = new(PageSize.Bytes);

    private static readonly IBlockCodec[] s_codecs =
        NativeLz4BlockCodec.TryLoad(out NativeLz4BlockCodec? native, out _)
            ? [K4osBlockCodec.Instance, native]
            : [K4osBlockCodec.Instance];

    public string Name => "zpages";

    public IEnumerable<(string Name, byte[] Input)> Seeds()
    {
        byte[] zpage = new byte[PageSize.Bytes];
        for (int kind = 0; kind < 4; kind++)
        {
            byte[] page = new byte[PageSize.Bytes];
            Random random = new(kind);
            for (int at = 0; at < page.Length; at++)
            {
                page[at] = kind switch
                {
                    0 => (byte)(at / 64),
                    1 => (byte)random.Next(4),
                    2 => (byte)(at % 7 == 0 ? random.Next(256) : 0x20),
                    _ => (byte)(at < 300 ? random.Next(256) : at % 3),
                };
            }

            int bytes = new PageCodec(K4osBlockCodec.Instance).Encode(page, zpage, out ZpageEncoding encoding);
            yield return ($"page-{kind}", [(byte)encoding, 0, .. zpage[..bytes]]);
            byte[] both = [.. zpage[..bytes], .. zpage[..bytes]];
            yield return ($"page-{kind}-twice", [(byte)((int)encoding | AtEnd), 1, .. both]);
        }

        yield return ("fill", [(byte)ZpageEncoding.Fill, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
        yield return ("sealed", [(byte)ZpageEncoding.Sealed, 0, .. new byte[sizeof(ulong) + ZpageLimits.SealBytes]]);
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2 || input.Length > MaxBytes)
        {
            return;
        }

        bool atEnd = (input[0] & AtEnd) != 0;
        ZpageEncoding encoding = (ZpageEncoding)(input[0] & ~AtEnd);
        int count = 1 + (input[1] % MaxZpages);
        ReadOnlySpan<byte> zpages = s_blocks.Copy(input[2..], atEnd);
        int size = zpages.Length / count;
        int[] sizes = new int[count];
        uint[] checksums = new uint[count];
        ZpageEncoding[] encodings = new ZpageEncoding[count];
        int firstBad = count;
        for (int index = 0; index < count; index++)
        {
            sizes[index] = index < count - 1 ? size : zpages.Length - (size * (count - 1));
            encodings[index] = encoding;
            ReadOnlySpan<byte> zpage = zpages.Slice(size * index, sizes[index]);
            checksums[index] = PageChecksum.OfZpage(zpage);
            if (!IsSound(encoding, zpage, checksums[index], atEnd))
            {
                firstBad = Math.Min(firstBad, index);
            }
        }

        int sound = PageCodec.CheckAll(encodings, sizes, checksums, zpages, walksBlocks: true, out _);
        FindingException.Unless(sound == firstBad, $"a batch's first fault is {firstBad}, not {sound}");
    }

    private static bool IsSound(ZpageEncoding encoding, ReadOnlySpan<byte> original, uint checksum, bool atEnd)
    {
        ReadOnlySpan<byte> zpage = original;
        ZpageFault fault = PageCodec.Check(encoding, zpage, checksum);
        bool isSound = encoding switch
        {
            ZpageEncoding.Lz4 => zpage.Length is > 0 and <= PageSize.Bytes && ReferenceWalk.DecodesToOnePage(zpage),
            ZpageEncoding.Raw => zpage.Length == PageSize.Bytes,
            ZpageEncoding.Fill => zpage.Length == sizeof(ulong),

            // A byte at least beside the seal; fit to stand beside another zpage, or a raw page.
            ZpageEncoding.Sealed =>
                zpage.Length is (> ZpageLimits.SealBytes and <= ZpageLimits.MaxCompressedBytes) or ZpageLimits.MaxBytes,
            _ => false,
        };
        FindingException.Unless((fault == ZpageFault.None) == isSound, $"the check says {fault} of {encoding}");
        bool isOpen = isSound && encoding != ZpageEncoding.Sealed;
        byte[]? expected = isSound && encoding == ZpageEncoding.Lz4 ? NaiveLz4.Decode(zpage) : null;
        foreach (IBlockCodec codec in s_codecs)
        {
            Span<byte> page = s_page.Take(PageSize.Bytes, atEnd);
            page.Fill(Untouched);
            ZpageFault decoded = new PageCodec(codec).Decode(encoding, zpage, page);
            FindingException.Unless(
                !isOpen || decoded == ZpageFault.None, $"{codec.Name} refuses what is accepted: {decoded}");
            FindingException.Unless(
                decoded != ZpageFault.None || encoding != ZpageEncoding.Sealed, $"{codec.Name} decodes what is sealed");
            FindingException.Unless(
                expected is null || page.SequenceEqual(expected), $"{codec.Name} decodes other bytes");
        }

        return isSound;
    }
}
