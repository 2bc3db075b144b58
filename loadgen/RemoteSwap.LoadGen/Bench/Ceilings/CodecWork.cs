using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Lanes;
using RemoteSwap.LoadGen.Bench.Worker;

namespace RemoteSwap.LoadGen.Bench.Ceilings;

/// <summary>What the client does to a page beside calling: encode or decode, and the checksums.</summary>
internal static class CodecWork
{
    private const int PagesAtOnce = 64;
    private const uint Area = 1;
    private const ulong Generation = 1;

    /// <summary>Measures it.</summary>
    public static async Task<WorkResult> RunAsync(WorkJob job, WorkerMemory memory)
    {
        RawPagePool pool = memory.RawPages;
        Zpage[] zpages = new Zpage[pool.Count];
        byte[] room = new byte[PageSize.Bytes];
        for (int i = 0; i < zpages.Length; i++)
        {
            int size = PageCodec.Default.Encode(pool.Run(i, 1).Span, room, out ZpageEncoding encoding);
            zpages[i] = new Zpage(room[..size], encoding);
        }

        WorkResult result = await ThreadedWork.RunAsync(job, thread =>
        {
            byte[] target = new byte[PageSize.Bytes];
            int next = thread * pool.Count / job.Callers;
            return () =>
            {
                for (int i = 0; i < PagesAtOnce; i++)
                {
                    next = (next + 1) % pool.Count;
                    if (job.Kind == WorkKind.Encode)
                    {
                        Encode(pool.Run(next, 1).Span, target);
                    }
                    else
                    {
                        Decode(zpages[next], target);
                    }
                }

                return PagesAtOnce;
            };
        });
        return result with { ZpageBytes = zpages.Average(zpage => zpage.Bytes.Length) };
    }

    private static void Encode(ReadOnlySpan<byte> page, Span<byte> zpage)
    {
        int size = PageCodec.Default.Encode(page, zpage, out _);
        _ = PageChecksum.OfZpage(zpage[..size]) ^ PageChecksum.OfPage(page, Area, slot: 1, Generation);
    }

    private static void Decode(Zpage zpage, Span<byte> page)
    {
        _ = PageChecksum.OfZpage(zpage.Bytes);
        if (PageCodec.Default.Decode(zpage.Encoding, zpage.Bytes, page) != ZpageFault.None)
        {
            throw new InvalidOperationException("A zpage that was just encoded does not decode.");
        }

        _ = PageChecksum.OfPage(page, Area, slot: 1, Generation);
    }

    private sealed record Zpage(byte[] Bytes, ZpageEncoding Encoding);
}
