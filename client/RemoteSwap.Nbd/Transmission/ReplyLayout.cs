using System.Buffers.Binary;
using System.Text;
using RemoteSwap.Nbd.Wire;

namespace RemoteSwap.Nbd.Transmission;

/// <summary>
/// Lays out replies as they go on the wire. Headers of reads stand in the buffer itself: in the headroom before its
/// first byte, or in the place of zeroes that are not sent; so each run of data goes out with its header as one piece.
/// <para>
/// With structured replies: READ, BLOCK_STATUS and errors are structured; what else succeeds is answered simply, which
/// the protocol allows and which is shortest.
/// </para>
/// </summary>
internal static class ReplyLayout
{
    /// <summary>The id of base:allocation, the only meta context.</summary>
    public const uint BaseAllocationId = 1;

    /// <summary>The longest text that goes along with an error.</summary>
    public const int MaxMessageBytes = 512;

    private const int SimpleBytes = 16;
    private const int ChunkBytes = 20;
    private const int OffsetBytes = 8;
    private const int DataHeaderBytes = ChunkBytes + OffsetBytes;
    private const int HoleBytes = ChunkBytes + OffsetBytes + sizeof(uint);
    private const int StatusHeaderBytes = ChunkBytes + sizeof(uint);
    private const int ErrorHeaderBytes = ChunkBytes + sizeof(uint) + sizeof(ushort);
    private const int ExtentBytes = 2 * sizeof(uint);
    private const ushort Done = 1;

    /// <summary>Writes an extent of a BLOCK_STATUS into the buffer.</summary>
    public static void WriteExtent(NbdRequest request, Extent extent)
    {
        int at = BufferPool.Headroom + (request.ExtentCount++ * ExtentBytes);
        BinaryPrimitives.WriteUInt32BigEndian(request.Buffer.AsSpan(at), (uint)extent.Length);
        BinaryPrimitives.WriteUInt32BigEndian(request.Buffer.AsSpan(at + sizeof(uint)), (uint)extent.Kind);
    }

    /// <summary>Lays out the reply to a request.</summary>
    public static void Lay(NbdRequest request, NbdResult result, bool isStructured)
    {
        if (!result.IsSuccess)
        {
            LayError(request, result, isStructured);
        }
        else if (request.Header.Command == NbdCommand.Read)
        {
            LayRead(request, isStructured);
        }
        else if (request.Header.Command == NbdCommand.BlockStatus)
        {
            int length = sizeof(uint) + (request.ExtentCount * ExtentBytes);
            Span<byte> header = request.Buffer.AsSpan(BufferPool.Headroom - StatusHeaderBytes);
            WriteChunk(header, ChunkType.BlockStatus, request.Header.Cookie, length, isLast: true);
            BinaryPrimitives.WriteUInt32BigEndian(header[ChunkBytes..], BaseAllocationId);
            request.AddPart(request.Buffer.AsMemory(BufferPool.Headroom - StatusHeaderBytes, ChunkBytes + length));
        }
        else
        {
            WriteSimple(request.Head, NbdError.None, request.Header.Cookie);
            request.AddPart(request.Head.AsMemory(0, SimpleBytes));
        }
    }

    private static void LayRead(NbdRequest request, bool isStructured)
    {
        int length = (int)request.Header.Length;
        if (!isStructured)
        {
            const int At = BufferPool.Headroom - SimpleBytes;
            WriteSimple(request.Buffer.AsSpan(At), NbdError.None, request.Header.Cookie);
            request.AddPart(request.Buffer.AsMemory(At, SimpleBytes + length));
        }
        else if (request.Plan is { } plan)
        {
            LayRuns(request, plan);
        }
        else
        {
            LayData(request, 0, length, isLast: true);
        }
    }

    private static void LayRuns(NbdRequest request, ReadPlan plan)
    {
        int position = 0;
        ReadOnlySpan<Extent> runs = plan.Runs;
        for (int i = 0; i < runs.Length; i++)
        {
            int length = (int)runs[i].Length;
            bool isLast = i == runs.Length - 1;
            if (runs[i].Kind == NbdExtentKind.Data)
            {
                LayData(request, position, length, isLast);
            }
            else
            {
                // Where the zeroes would be: nobody reads them. A read of zeroes alone has no buffer.
                Memory<byte> header = request.Buffer is { } buffer
                    ? buffer.AsMemory(BufferPool.Headroom + position, HoleBytes)
                    : request.Head.AsMemory(0, HoleBytes);
                WriteChunk(
                    header.Span, ChunkType.OffsetHole, request.Header.Cookie, OffsetBytes + sizeof(uint), isLast);
                BinaryPrimitives.WriteUInt64BigEndian(
                    header.Span[ChunkBytes..], request.Header.Offset + (ulong)position);
                BinaryPrimitives.WriteUInt32BigEndian(header.Span[DataHeaderBytes..], (uint)length);
                request.AddPart(header);
            }

            position += length;
        }
    }

    // What stands directly before a run of data is the headroom, or the end of a run of zeroes.
    private static void LayData(NbdRequest request, int position, int length, bool isLast)
    {
        int at = BufferPool.Headroom + position - DataHeaderBytes;
        Span<byte> header = request.Buffer.AsSpan(at);
        WriteChunk(header, ChunkType.OffsetData, request.Header.Cookie, OffsetBytes + length, isLast);
        BinaryPrimitives.WriteUInt64BigEndian(header[ChunkBytes..], request.Header.Offset + (ulong)position);
        request.AddPart(request.Buffer.AsMemory(at, DataHeaderBytes + length));
    }

    private static void LayError(NbdRequest request, NbdResult result, bool isStructured)
    {
        if (!isStructured)
        {
            WriteSimple(request.Head, result.Error, request.Header.Cookie);
            request.AddPart(request.Head.AsMemory(0, SimpleBytes));
            return;
        }

        // Failures are rare enough to allocate.
        byte[] chunk = new byte[ErrorHeaderBytes + MaxMessageBytes];
        Encoding.UTF8.GetEncoder().Convert(
            result.Message ?? "", chunk.AsSpan(ErrorHeaderBytes), flush: true, out _, out int length, out _);
        WriteChunk(
            chunk, ChunkType.Error, request.Header.Cookie, ErrorHeaderBytes - ChunkBytes + length, isLast: true);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(ChunkBytes), (uint)result.Error);
        BinaryPrimitives.WriteUInt16BigEndian(chunk.AsSpan(ChunkBytes + sizeof(uint)), (ushort)length);
        request.AddPart(chunk.AsMemory(0, ErrorHeaderBytes + length));
    }

    private static void WriteSimple(Span<byte> to, NbdError error, ulong cookie)
    {
        BinaryPrimitives.WriteUInt32BigEndian(to, NbdMagic.SimpleReply);
        BinaryPrimitives.WriteUInt32BigEndian(to[4..], (uint)error);
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], cookie);
    }

    private static void WriteChunk(Span<byte> to, ChunkType type, ulong cookie, int length, bool isLast)
    {
        BinaryPrimitives.WriteUInt32BigEndian(to, NbdMagic.StructuredReply);
        BinaryPrimitives.WriteUInt16BigEndian(to[4..], isLast ? Done : (ushort)0);
        BinaryPrimitives.WriteUInt16BigEndian(to[6..], (ushort)type);
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], cookie);
        BinaryPrimitives.WriteUInt32BigEndian(to[16..], (uint)length);
    }
}
