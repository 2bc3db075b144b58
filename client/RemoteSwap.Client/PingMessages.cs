using Google.Protobuf;
using RemoteSwap.Codec;
using RemoteSwap.V1;

namespace RemoteSwap.Client;

/// <summary>
/// Builds and checks pings. Their columns hold numbers of the size that real ones have, because the wire format writes
/// small numbers shorter.
/// </summary>
internal static class PingMessages
{
    private const ulong TypicalGeneration = 1UL << 50;
    private const uint TypicalChecksum = 0xFFFF_FFFF;

    // Never written to, so that all pings may share it.
    private static readonly byte[] Bytes = new byte[WireLimits.MaxBatchPages * PageSize.Bytes];

    /// <summary>A request of the shape.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The shape is out of its ranges.</exception>
    public static PingRequest Request(PingShape shape)
    {
        RequireRange(shape.StorePages, WireLimits.MaxBatchPages, nameof(shape.StorePages));
        RequireRange(shape.StorePageBytes, PageSize.Bytes, nameof(shape.StorePageBytes));
        RequireRange(shape.LoadPages, WireLimits.MaxBatchPages, nameof(shape.LoadPages));
        RequireRange(shape.LoadPageBytes, PageSize.Bytes, nameof(shape.LoadPageBytes));

        PingRequest request = new()
        {
            ReplyPages = (uint)shape.LoadPages,
            ReplyPageBytes = (uint)shape.LoadPageBytes,
            Zpages = UnsafeByteOperations.UnsafeWrap(Bytes.AsMemory(0, shape.StorePages * shape.StorePageBytes)),
        };
        int slots = shape.StorePages > 0 ? shape.StorePages : shape.LoadPages;
        for (int slot = 0; slot < slots; slot++)
        {
            request.Slots.Add((ulong)slot);
        }

        for (int page = 0; page < shape.StorePages; page++)
        {
            request.Generations.Add(TypicalGeneration);
            request.Sizes.Add((uint)shape.StorePageBytes);
            request.Encodings.Add(V1.Encoding.Lz4);
            request.ZpageChecksums.Add(TypicalChecksum);
            request.PageChecksums.Add(TypicalChecksum);
        }

        return request;
    }

    /// <summary>Throws unless a reply has the shape asked for.</summary>
    public static void RequireShape(PingResponse reply, PingShape shape, in CallSubject subject)
    {
        int bytes = shape.LoadPages * shape.LoadPageBytes;
        if (reply.Zpages.Length != bytes)
        {
            throw CallFailure.Protocol(subject, $"zpages has {reply.Zpages.Length} bytes where {bytes} were asked for");
        }

        if (shape.LoadPages > 0 && reply.Sizes.Count != shape.LoadPages)
        {
            throw CallFailure.Protocol(subject, $"sizes has {reply.Sizes.Count} elements instead of {shape.LoadPages}");
        }
    }

    private static void RequireRange(int value, int most, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
    }
}
