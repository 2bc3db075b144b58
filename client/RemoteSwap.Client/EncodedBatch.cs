using System.Buffers;
using Google.Protobuf;
using Google.Protobuf.Collections;
using RemoteSwap.Codec;
using RemoteSwap.V1;

namespace RemoteSwap.Client;

/// <summary>
/// At most 512 pages as a store request. The zpages lie in one pooled buffer that the request refers to; there is no
/// object a page.
/// <para>
/// The buffer goes back to the pool only after a reply (<see cref="Recycle"/>). After a failure the transport may still
/// be reading it, so it is left to the garbage collector: another call's bytes must not get into this request.
/// </para>
/// </summary>
internal sealed class EncodedBatch
{
    private readonly byte[] _buffer;

    private EncodedBatch(StoreRequest request, byte[] buffer)
    {
        Request = request;
        _buffer = buffer;
    }

    /// <summary>The request.</summary>
    public StoreRequest Request { get; }

    /// <summary>Encodes pages.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="area">The area.</param>
    /// <param name="slots">The slots, 1 to 512.</param>
    /// <param name="pages">The pages, 4,096 bytes a slot.</param>
    /// <param name="firstGeneration">Generation of the first page; each further page has the next.</param>
    /// <param name="mode">What a refused page means for the others.</param>
    public static EncodedBatch Encode(
        string tenant,
        uint area,
        ReadOnlySpan<ulong> slots,
        ReadOnlySpan<byte> pages,
        ulong firstGeneration,
        StoreMode mode)
    {
        StoreRequest request = new()
        {
            Tenant = tenant,
            Area = area,
            AllOrNothing = mode == StoreMode.AllOrNothing,
        };
        request.Slots.AddRange(slots);
        Span<ulong> generations = Column(request.Generations, slots.Length);
        Span<uint> sizes = Column(request.Sizes, slots.Length);
        Span<V1.Encoding> encodings = Column(request.Encodings, slots.Length);
        Span<uint> zpageChecksums = Column(request.ZpageChecksums, slots.Length);
        Span<uint> pageChecksums = Column(request.PageChecksums, slots.Length);

        byte[] buffer = ArrayPool<byte>.Shared.Rent(slots.Length * PageSize.Bytes);
        int used = 0;
        for (int i = 0; i < slots.Length; i++)
        {
            ReadOnlySpan<byte> page = pages.Slice(i * PageSize.Bytes, PageSize.Bytes);
            int size = PageCodec.Default.Encode(page, buffer.AsSpan(used), out ZpageEncoding encoding);
            generations[i] = firstGeneration + (ulong)i;
            sizes[i] = (uint)size;
            encodings[i] = OutcomeTable.Of(encoding);
            zpageChecksums[i] = PageChecksum.OfZpage(buffer.AsSpan(used, size));
            pageChecksums[i] = PageChecksum.OfPage(page, area, slots[i], generations[i]);
            used += size;
        }

        request.Zpages = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, used));
        return new EncodedBatch(request, buffer);
    }

    /// <summary>Gives the buffer back. The request must not be used any more.</summary>
    public void Recycle() => ArrayPool<byte>.Shared.Return(_buffer);

    private static Span<T> Column<T>(RepeatedField<T> column, int length)
    {
        UnsafeCollectionOperations.SetCount(column, length);
        return UnsafeCollectionOperations.AsSpan(column);
    }
}
