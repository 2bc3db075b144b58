using System.Buffers;
using RemoteSwap.Codec;
using RemoteSwap.Store;
using RemoteSwap.V1;
using RemoteSwap.Wire;

namespace RemoteSwap.Server.Grpc.Calls;

/// <summary>
/// One Ping: reads its columns as a Store would, and replies with columns and bytes as a Load would; keeps nothing. So
/// the time of a Ping is what the transport and the message format cost, and the rest of a Store or a Load is the
/// store's own. With copy_memory the bytes go to, or come from, cold memory too.
/// <para>Made once and used again; one user at a time.</para>
/// </summary>
internal sealed class PingCall(PingArena? arena)
{
    private const ulong TypicalGeneration = 1UL << 50;
    private const uint TypicalChecksum = 0xFFFF_FFFF;
    private const int MaxColumnBytesEach = 1 + 8 + 2 + 1 + (2 * sizeof(uint));
    private const int Columns = 6;

    private static readonly byte[] s_zeroes = new byte[PageSize.Bytes];

    private readonly ulong[] _numbers = new ulong[StoreBatch.MaxPages];
    private readonly uint[] _sizes = new uint[StoreBatch.MaxPages];
    private readonly uint[] _checksums = new uint[StoreBatch.MaxPages];
    private readonly byte[] _outcomes = new byte[StoreBatch.MaxPages];
    private int _slots;
    private int _sizeCount;
    private uint _replyPages;
    private uint _replyPageBytes;
    private bool _copyMemory;
    private ReadOnlySequence<byte> _zpages;

    /// <summary>Why the call was refused as a whole; null: it was not.</summary>
    public CallRefusal? Refusal { get; private set; }

    /// <summary>The most bytes of the reply.</summary>
    public int MaxReplyBytes => MessageWriter.OpenBytes + (int)(_replyPages * _replyPageBytes)
        + (Columns * MessageWriter.ColumnBytes(0, 0))
        + (Math.Max((int)_replyPages, Math.Min(_slots, StoreBatch.MaxPages)) * MaxColumnBytesEach);

    /// <summary>Reads and checks a message, whose bytes are not used after it returns.</summary>
    public void Run(ReadOnlySequence<byte> message)
    {
        Refusal = Read(message)
            ?? RequestCheck.CheckBound("slots (how many)", (uint)_slots, 0, StoreBatch.MaxPages)
            ?? RequestCheck.CheckBound("reply_pages", _replyPages, 0, StoreBatch.MaxPages)
            ?? RequestCheck.CheckBound("reply_page_bytes", _replyPageBytes, 0, PageSize.Bytes)
            ?? (_copyMemory && arena is null ? CallRefusal.NoPingArena : null);
        if (Refusal is null && _copyMemory)
        {
            CopyIn();
        }

        _zpages = default;
    }

    /// <summary>Writes the reply to a call that was not refused.</summary>
    public void WriteReply(ref MessageWriter reply)
    {
        int pages = (int)_replyPages;
        if (pages > 0 && _replyPageBytes > 0)
        {
            int opened = reply.Open(PingResponse.ZpagesFieldNumber);
            for (int page = 0; page < pages; page++)
            {
                CopyOut(reply.Rest[..(int)_replyPageBytes]);
                reply.Advance((int)_replyPageBytes);
            }

            reply.Close(opened);
        }

        Span<byte> outcomes = _outcomes.AsSpan(0, Math.Max(pages, _slots));
        outcomes.Fill((byte)V1.LoadOutcome.Loaded);
        reply.WriteColumn(PingResponse.OutcomesFieldNumber, outcomes);
        _numbers.AsSpan(0, pages).Fill(TypicalGeneration);
        reply.WriteColumn(PingResponse.GenerationsFieldNumber, _numbers.AsSpan(0, pages));
        _sizes.AsSpan(0, pages).Fill(_replyPageBytes);
        reply.WriteColumn(PingResponse.SizesFieldNumber, _sizes.AsSpan(0, pages));
        _checksums.AsSpan(0, pages).Fill(TypicalChecksum);
        reply.WriteFixedColumn(PingResponse.ZpageChecksumsFieldNumber, _checksums.AsSpan(0, pages));
        outcomes = outcomes[..pages];
        outcomes.Fill((byte)V1.Encoding.Lz4);
        reply.WriteColumn(PingResponse.EncodingsFieldNumber, outcomes);
        reply.WriteFixedColumn(PingResponse.PageChecksumsFieldNumber, _checksums.AsSpan(0, pages));
    }

    private CallRefusal? Read(ReadOnlySequence<byte> message)
    {
        _slots = 0;
        _sizeCount = 0;
        _replyPages = 0;
        _replyPageBytes = 0;
        _copyMemory = false;
        _zpages = default;
        int dropped = 0;
        MessageReader reader = new(message);
        while (reader.TryReadTag(out int field, out WireType type))
        {
            switch (field)
            {
                case PingRequest.SlotsFieldNumber:
                    reader.ReadColumn(type, _numbers, ref _slots);
                    break;
                case PingRequest.SizesFieldNumber:
                    reader.ReadColumn(type, _sizes, ref _sizeCount);
                    break;
                case PingRequest.GenerationsFieldNumber:
                    dropped = 0;
                    reader.ReadColumn(type, _numbers, ref dropped);
                    break;
                case PingRequest.EncodingsFieldNumber:
                    dropped = 0;
                    reader.ReadColumn(type, _checksums, ref dropped);
                    break;
                case PingRequest.ZpageChecksumsFieldNumber or PingRequest.PageChecksumsFieldNumber:
                    dropped = 0;
                    reader.ReadFixedColumn(type, _checksums, ref dropped);
                    break;
                case PingRequest.ZpagesFieldNumber when type == WireType.Length:
                    _zpages = reader.ReadBytes();
                    break;
                case PingRequest.ReplyPagesFieldNumber when type == WireType.Varint:
                    _replyPages = (uint)reader.ReadVarint();
                    break;
                case PingRequest.ReplyPageBytesFieldNumber when type == WireType.Varint:
                    _replyPageBytes = (uint)reader.ReadVarint();
                    break;
                case PingRequest.CopyMemoryFieldNumber when type == WireType.Varint:
                    _copyMemory = reader.ReadVarint() != 0;
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return reader.IsMalformed ? CallRefusal.Malformed(nameof(PingRequest)) : null;
    }

    private void CopyIn()
    {
        ZpageCursor zpages = new(_zpages, stackalloc byte[PageSize.Bytes]);
        long left = _zpages.Length;
        for (int page = 0; page < Math.Min(_sizeCount, StoreBatch.MaxPages); page++)
        {
            int size = (int)Math.Min(Math.Min(_sizes[page], PageSize.Bytes), left);
            left -= size;
            arena!.CopyIn(zpages.Next(size));
        }
    }

    private void CopyOut(Span<byte> room)
    {
        if (_copyMemory)
        {
            arena!.CopyOut(room);
        }
        else
        {
            s_zeroes.AsSpan(0, room.Length).CopyTo(room);
        }
    }
}
