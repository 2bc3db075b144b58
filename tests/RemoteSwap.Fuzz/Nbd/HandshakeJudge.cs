using System.Buffers.Binary;
using RemoteSwap.Fuzz.Core;
using RemoteSwap.Nbd;

namespace RemoteSwap.Fuzz.Nbd;

/// <summary>
/// Reads a handshake from both sides on its own (proto.md, "Handshake phase"): every option that came whole is answered
/// in its turn with well-formed replies, the last of which ends it; nothing else is sent; and what was agreed on is
/// what transmission keeps to.
/// </summary>
internal sealed class HandshakeJudge(NbdServerOptions options)
{
    private const ulong OptionMagic = 0x4948_4156_454f_5054;
    private const ulong ReplyMagic = 0x0003_e889_0455_65a9;
    private const int OptionHeaderBytes = 16;
    private const int MaxOptions = 64;
    private const int MaxLookedAtBytes = 16 << 10;
    private const int MaxReplyBytes = 8 << 10;
    private const int MaxReplies = 64;
    private const uint Ack = 1;
    private const uint ErrorBit = 1u << 31;

    private bool _isStructured;
    private bool _hasContext;

    /// <summary>Judges a session.</summary>
    public void Judge(ReadOnlySpan<byte> script, ReadOnlySpan<byte> sent, FlatDisk disk)
    {
        ByteReader replies = new(sent);
        FindingException.Unless(
            replies.Take(8).SequenceEqual("NBDMAGIC"u8) && replies.U64() == OptionMagic && replies.U16() == 3,
            "the greeting is none");
        uint flags = script.Length >= sizeof(uint) ? BinaryPrimitives.ReadUInt32BigEndian(script) : uint.MaxValue;
        if ((flags & ~3u) != 0)
        {
            FindingException.Unless(replies.Left == 0, "flags that are unknown are answered");
            return;
        }

        ReadOnlySpan<byte> rest = script[sizeof(uint)..];
        for (int count = 0; count < MaxOptions && rest.Length >= OptionHeaderBytes; count++)
        {
            uint option = BinaryPrimitives.ReadUInt32BigEndian(rest[8..]);
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest[12..]);
            bool isMagic = BinaryPrimitives.ReadUInt64BigEndian(rest) == OptionMagic;
            bool isAllowed = (flags & 1) != 0 || option == 1;
            rest = rest[OptionHeaderBytes..];
            if (!isMagic || !isAllowed || length > rest.Length)
            {
                break;
            }

            ReadOnlySpan<byte> data = rest[..(int)length];
            rest = rest[(int)length..];
            if (option == 1)
            {
                BeginOldWay(ref replies, data, rest, hasZeroes: (flags & 2) == 0, disk);
                return;
            }

            uint last = Answers(ref replies, option);
            if (length > MaxLookedAtBytes)
            {
                FindingException.Unless(last != Ack, "too many data are acknowledged");
                continue;
            }

            if (option == 2 || (option == 7 && last == Ack))
            {
                if (option == 7)
                {
                    Transmission(rest, ref replies, disk);
                }

                FindingException.Unless(replies.Left == 0, "the end of a handshake is answered on");
                return;
            }
        }

        FindingException.Unless(replies.Left == 0, $"{replies.Left} bytes answer no option");
    }

    private void BeginOldWay(
        ref ByteReader replies, ReadOnlySpan<byte> name, ReadOnlySpan<byte> rest, bool hasZeroes, FlatDisk disk)
    {
        if (replies.Left == 0)
        {
            // Turned away: there is no export of that name.
            FindingException.Unless(!name.IsEmpty, "the unnamed export is refused");
            return;
        }

        FindingException.Unless(
            name.IsEmpty || name.SequenceEqual(System.Text.Encoding.UTF8.GetBytes(options.ExportName)),
            "an export that is not there is opened");
        Export(replies.U64(), replies.U16());
        if (hasZeroes)
        {
            FindingException.Unless(!replies.Take(124).ContainsAnyExcept((byte)0), "the padding has bytes");
        }

        Transmission(rest, ref replies, disk);
    }

    // The replies to one option; the type of the last one.
    private uint Answers(ref ByteReader replies, uint option)
    {
        for (int count = 0; count < MaxReplies; count++)
        {
            FindingException.Unless(replies.U64() == ReplyMagic, "a reply to an option has another magic number");
            FindingException.Unless(replies.U32() == option, "a reply is to another option");
            uint type = replies.U32();
            uint length = replies.U32();
            FindingException.Unless(length <= MaxReplyBytes, $"a reply to option {option} has {length} bytes");
            ByteReader data = new(replies.Take(length));
            if ((type & ErrorBit) != 0)
            {
                return type;
            }

            if (type == Ack)
            {
                FindingException.Unless(length == 0, "an acknowledgement has data");
                _isStructured |= option == 8;
                _hasContext &= option != 10 || count > 0;
                return type;
            }

            if (type == 3 && data.U16() == 0)
            {
                Export(data.U64(), data.U16());
                FindingException.Unless(data.Left == 0, "information about the export is longer than it may be");
            }

            _hasContext |= type == 4 && option == 10;
        }

        throw new FindingException($"option {option} is answered without end");
    }

    private void Export(ulong size, ushort flags)
    {
        FindingException.Unless(size == FlatDisk.Bytes, $"the export has {size} bytes");
        bool isReadOnly = (flags & 2) != 0;
        FindingException.Unless((flags & 1) != 0 && isReadOnly == options.ReadOnly, $"export flags are {flags}");
        FindingException.Unless(((flags & 128) != 0) == _isStructured, "DF is offered without structured replies");
    }

    private void Transmission(ReadOnlySpan<byte> rest, ref ByteReader replies, FlatDisk disk)
    {
        TransmissionJudge judge = new(_isStructured, _hasContext, options.ReadOnly, (uint)options.MinBlockBytes);
        judge.Judge(rest, replies.Take(replies.Left), disk.Content);
    }
}
