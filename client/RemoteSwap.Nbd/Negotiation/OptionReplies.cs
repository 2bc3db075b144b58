using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using RemoteSwap.Nbd.Wire;

namespace RemoteSwap.Nbd.Negotiation;

/// <summary>Replies to one option, gathered so that they go out together.</summary>
internal sealed class OptionReplies(uint option)
{
    private const int HeaderBytes = 20;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>The option that is answered.</summary>
    public uint Option => option;

    /// <summary>The replies so far.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    /// <summary>Adds NBD_REP_ACK.</summary>
    public void Ack() => Add(OptionReplyType.Ack, []);

    /// <summary>Adds an error with a text for people.</summary>
    public void Error(OptionReplyType type, string text) => Add(type, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds an export.</summary>
    public void Export(string name)
    {
        byte[] data = new byte[sizeof(uint) + Encoding.UTF8.GetByteCount(name)];
        BinaryPrimitives.WriteInt32BigEndian(data, data.Length - sizeof(uint));
        Encoding.UTF8.GetBytes(name, data.AsSpan(sizeof(uint)));
        Add(OptionReplyType.Server, data);
    }

    /// <summary>Adds a meta context.</summary>
    public void MetaContext(uint id, string name)
    {
        byte[] data = new byte[sizeof(uint) + Encoding.UTF8.GetByteCount(name)];
        BinaryPrimitives.WriteUInt32BigEndian(data, id);
        Encoding.UTF8.GetBytes(name, data.AsSpan(sizeof(uint)));
        Add(OptionReplyType.MetaContext, data);
    }

    /// <summary>Adds size and flags of an export.</summary>
    public void InfoExport(long sizeBytes, TransmissionFlags flags)
    {
        Span<byte> data = stackalloc byte[sizeof(ushort) + sizeof(ulong) + sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)InfoType.Export);
        BinaryPrimitives.WriteInt64BigEndian(data[2..], sizeBytes);
        BinaryPrimitives.WriteUInt16BigEndian(data[10..], (ushort)flags);
        Add(OptionReplyType.Info, data);
    }

    /// <summary>Adds a text about an export.</summary>
    public void InfoText(InfoType type, string text)
    {
        byte[] data = new byte[sizeof(ushort) + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)type);
        Encoding.UTF8.GetBytes(text, data.AsSpan(sizeof(ushort)));
        Add(OptionReplyType.Info, data);
    }

    /// <summary>Adds the limits of requests.</summary>
    public void InfoBlockSize(NbdServerOptions limits)
    {
        Span<byte> data = stackalloc byte[sizeof(ushort) + (3 * sizeof(uint))];
        BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)InfoType.BlockSize);
        BinaryPrimitives.WriteInt32BigEndian(data[2..], limits.MinBlockBytes);
        BinaryPrimitives.WriteInt32BigEndian(data[6..], limits.PreferredBlockBytes);
        BinaryPrimitives.WriteInt32BigEndian(data[10..], limits.MaxBlockBytes);
        Add(OptionReplyType.Info, data);
    }

    private void Add(OptionReplyType type, ReadOnlySpan<byte> data)
    {
        Span<byte> header = _bytes.GetSpan(HeaderBytes);
        BinaryPrimitives.WriteUInt64BigEndian(header, NbdMagic.OptionReply);
        BinaryPrimitives.WriteUInt32BigEndian(header[8..], option);
        BinaryPrimitives.WriteUInt32BigEndian(header[12..], (uint)type);
        BinaryPrimitives.WriteInt32BigEndian(header[16..], data.Length);
        _bytes.Advance(HeaderBytes);
        _bytes.Write(data);
    }
}
