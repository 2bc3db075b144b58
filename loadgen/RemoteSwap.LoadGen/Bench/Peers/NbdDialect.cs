using System.Buffers.Binary;
using System.Net.Sockets;

namespace RemoteSwap.LoadGen.Bench.Peers;

/// <summary>
/// NBD with simple replies: reads and writes of one size, at multiples of it. Replies may come in any order; which one
/// a reply is for does not matter here.
/// </summary>
/// <param name="blobBytes">Bytes of a read or write.</param>
internal sealed class NbdDialect(int blobBytes) : IPeerDialect
{
    private const uint RequestMagic = 0x2560_9513;
    private const uint ReplyMagic = 0x6744_6698;
    private const ulong OptionMagic = 0x4948_4156_454F_5054;
    private const ulong OptionReplyMagic = 0x0003_E889_0455_65A9;
    private const uint FixedNewstyleNoZeroes = 3;
    private const uint OptionGo = 7;
    private const uint ReplyAck = 1;
    private const uint ReplyInfo = 3;
    private const int HeaderBytes = 28;
    private const int ReplyBytes = 16;
    private const int MostReplies = 16;
    private const int MostReplyBytes = 4096;

    /// <inheritdoc/>
    public int StoreBytes => HeaderBytes + blobBytes;

    /// <inheritdoc/>
    public int LoadBytes => HeaderBytes;

    /// <inheritdoc/>
    public int StoredBytes => ReplyBytes;

    /// <inheritdoc/>
    public int LoadedBytes => ReplyBytes + blobBytes;

    /// <inheritdoc/>
    public void Greet(Socket connection)
    {
        // NBDMAGIC, IHAVEOPT, flags.
        Span<byte> room = stackalloc byte[MostReplyBytes];
        PeerSocket.ReceiveAll(connection, room[..18]);

        // Client flags; NBD_OPT_GO for the export without a name, no information asked for.
        BinaryPrimitives.WriteUInt32BigEndian(room, FixedNewstyleNoZeroes);
        BinaryPrimitives.WriteUInt64BigEndian(room[4..], OptionMagic);
        BinaryPrimitives.WriteUInt32BigEndian(room[12..], OptionGo);
        BinaryPrimitives.WriteUInt32BigEndian(room[16..], 6);
        room.Slice(20, 6).Clear();
        PeerSocket.SendAll(connection, room[..26]);
        for (int reply = 0; reply < MostReplies; reply++)
        {
            PeerSocket.ReceiveAll(connection, room[..20]);
            ulong magic = BinaryPrimitives.ReadUInt64BigEndian(room);
            uint type = BinaryPrimitives.ReadUInt32BigEndian(room[12..]);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(room[16..]);
            if (magic != OptionReplyMagic || length > MostReplyBytes || type is not (ReplyAck or ReplyInfo))
            {
                throw new IOException($"The NBD server does not give its export: reply 0x{type:x}.");
            }

            PeerSocket.ReceiveAll(connection, room[..(int)length]);
            if (type == ReplyAck)
            {
                return;
            }
        }

        throw new IOException("The NBD server never ends its option replies.");
    }

    /// <inheritdoc/>
    public void WriteStore(Span<byte> request, int key, ReadOnlySpan<byte> blob)
    {
        WriteHeader(request, type: 1, key);
        blob.CopyTo(request[HeaderBytes..]);
    }

    /// <inheritdoc/>
    public void WriteLoad(Span<byte> request, int key) => WriteHeader(request, type: 0, key);

    /// <inheritdoc/>
    public bool IsStored(ReadOnlySpan<byte> reply) => IsGood(reply);

    /// <inheritdoc/>
    public bool IsLoaded(ReadOnlySpan<byte> reply) => IsGood(reply);

    private static bool IsGood(ReadOnlySpan<byte> reply) =>
        BinaryPrimitives.ReadUInt32BigEndian(reply) == ReplyMagic
        && BinaryPrimitives.ReadUInt32BigEndian(reply[4..]) == 0;

    private void WriteHeader(Span<byte> request, uint type, int key)
    {
        BinaryPrimitives.WriteUInt32BigEndian(request, RequestMagic);
        BinaryPrimitives.WriteUInt32BigEndian(request[4..], type);
        BinaryPrimitives.WriteUInt64BigEndian(request[8..], (ulong)key);
        BinaryPrimitives.WriteUInt64BigEndian(request[16..], (ulong)key * (ulong)blobBytes);
        BinaryPrimitives.WriteUInt32BigEndian(request[24..], (uint)blobBytes);
    }
}
