using RemoteSwap.Codec;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Grpc.Calls;

/// <summary>
/// What came of the columns of a Store: how many elements each had, and the encodings as numbers that may be anything.
/// And their check: counts, generations, and of each zpage length, encoding, checksum and, unless the peer vouches for
/// it, LZ4 structure. The first fault is the refusal.
/// <para>Made once and used again; one user at a time.</para>
/// </summary>
internal sealed class StoreColumns
{
    // Counted by a reader that takes them by reference.
    public int Slots;
    public int Generations;
    public int Sizes;
    public int Encodings;
    public int ZpageChecksums;
    public int PageChecksums;

    /// <summary>Whether the peer vouches for its blocks, so that they are not walked.</summary>
    public bool AreBlocksVouched { get; set; }

    /// <summary>Column encodings, as it came.</summary>
    public uint[] EncodingNumbers { get; } = new uint[StoreBatch.MaxPages];

    /// <summary>Begins with a new call: all columns empty.</summary>
    public void Clear()
    {
        Slots = 0;
        Generations = 0;
        Sizes = 0;
        Encodings = 0;
        ZpageChecksums = 0;
        PageChecksums = 0;
        AreBlocksVouched = false;
    }

    /// <summary>Checks a batch, and completes it where columns may be left out.</summary>
    public CallRefusal? Check(StoreBatch batch, Tenant tenant)
    {
        CallRefusal? refusal = RequestCheck.CheckSlots(batch.Slots, Slots, tenant)
            ?? RequestCheck.CheckColumn("generations", Generations, Slots, mayBeEmpty: true)
            ?? RequestCheck.CheckColumn("sizes", Sizes, Slots)
            ?? RequestCheck.CheckColumn("encodings", Encodings, Slots)
            ?? RequestCheck.CheckColumn("zpage_checksums", ZpageChecksums, Slots)
            ?? RequestCheck.CheckColumn("page_checksums", PageChecksums, Slots, mayBeEmpty: true)
            ?? RequestCheck.CheckGenerations(batch.Generations.AsSpan(0, Generations));
        if (refusal is not null)
        {
            return refusal;
        }

        if (Generations == 0)
        {
            Array.Clear(batch.Generations, 0, Slots);
        }

        if (PageChecksums == 0)
        {
            Array.Clear(batch.PageChecksums, 0, Slots);
        }

        return CheckSizes(batch) ?? CheckZpages(batch);
    }

    private static CallRefusal? CheckSizes(StoreBatch batch)
    {
        long left = batch.Zpages.Length;
        for (int page = 0; page < batch.Count; page++)
        {
            uint size = (uint)batch.Sizes[page];
            if (size is 0 or > ZpageLimits.MaxBytes)
            {
                return CallRefusal.Invalid($"sizes[{page}]", $"is {size}; it must be 1 to {ZpageLimits.MaxBytes}");
            }

            if (size > left)
            {
                return CallRefusal.Invalid($"sizes[{page}]", $"is {size}; zpages has only {left} bytes left");
            }

            left -= size;
        }

        long bytes = batch.Zpages.Length;
        return left == 0 ? null : CallRefusal.Invalid("zpages", $"has {bytes} bytes; sizes add up to {bytes - left}");
    }

    private CallRefusal? CheckZpages(StoreBatch batch)
    {
        for (int page = 0; page < batch.Count; page++)
        {
            batch.Encodings[page] = (ZpageEncoding)Math.Min(EncodingNumbers[page], byte.MaxValue);
        }

        // Zpages that lie in one piece are checked together, which takes less time than one by one.
        ZpageCursor zpages = new(batch.Zpages, stackalloc byte[ZpageLimits.MaxBytes]);
        int first = 0;
        while (first < batch.Count)
        {
            (int count, int bytes) = RunOf(batch, first, zpages.LeftInSegment);
            int sound = PageCodec.CheckAll(
                batch.Encodings.AsSpan(first, count),
                batch.Sizes.AsSpan(first, count),
                batch.ZpageChecksums.AsSpan(first, count),
                zpages.Next(bytes),
                walksBlocks: !AreBlocksVouched,
                out ZpageFault fault);
            if (sound < count)
            {
                return Explain(fault, batch, first + sound);
            }

            first += count;
        }

        return null;
    }

    // The zpages from one on that lie within so many bytes; one at least.
    private static (int Count, int Bytes) RunOf(StoreBatch batch, int first, int left)
    {
        int count = 1;
        int bytes = batch.Sizes[first];
        while (first + count < batch.Count && bytes + batch.Sizes[first + count] <= left)
        {
            bytes += batch.Sizes[first + count];
            count++;
        }

        return (count, bytes);
    }

    private CallRefusal Explain(ZpageFault fault, StoreBatch batch, int page) => fault switch
    {
        ZpageFault.UnknownEncoding => CallRefusal.Invalid(
            $"encodings[{page}]", $"is {(int)EncodingNumbers[page]}; LZ4 (1), RAW (2), FILL (3) and SEALED (4) are"
                + " known"),
        ZpageFault.WrongLength => CallRefusal.Invalid(
            $"sizes[{page}]",
            $"is {batch.Sizes[page]}, which {(V1.Encoding)EncodingNumbers[page]} cannot have: LZ4 1 to 4096, RAW 4096,"
                + " FILL 8, SEALED 27 to 3968 or 4122"),
        ZpageFault.WrongZpageChecksum => CallRefusal.Invalid(
            $"zpage_checksums[{page}]",
            $"is {batch.ZpageChecksums[page]:x8}, which is not the CRC-32 of the {batch.Sizes[page]} bytes that came"),
        _ => CallRefusal.Invalid(
            $"zpages[{page}]",
            $"is no LZ4 block that decodes to {PageSize.Bytes} bytes ({batch.Sizes[page]} bytes, slot"
                + $" {batch.Slots[page]})"),
    };
}
