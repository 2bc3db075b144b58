using System.Buffers.Binary;
using RemoteSwap.Nbd.Connections;
using RemoteSwap.Nbd.Wire;

namespace RemoteSwap.Nbd.Negotiation;

/// <summary>What the options about exports are answered with; the same for INFO, GO and EXPORT_NAME.</summary>
internal sealed class ExportOptions(NbdExport export)
{
    private readonly NbdServerOptions _options = export.Options;

    /// <summary>Whether a client means the export by a name; the empty one means whatever there is.</summary>
    public bool IsKnown(string name) => name.Length == 0 || name == _options.ExportName;

    /// <summary>Answers NBD_OPT_LIST.</summary>
    public void List(OptionReplies replies, ReadOnlySpan<byte> data)
    {
        if (!data.IsEmpty)
        {
            replies.Error(OptionReplyType.ErrorInvalid, "a list takes no data");
            return;
        }

        replies.Export(_options.ExportName);
        replies.Ack();
    }

    /// <summary>Answers NBD_OPT_INFO or NBD_OPT_GO.</summary>
    /// <returns>Whether the export is there.</returns>
    public bool Tell(OptionReplies replies, InfoRequest? request, bool isStructured)
    {
        if (request is null)
        {
            replies.Error(OptionReplyType.ErrorInvalid, "the data are no name and list of information");
            return false;
        }

        if (!IsKnown(request.Name))
        {
            replies.Error(OptionReplyType.ErrorUnknown, "there is no export of this name");
            return false;
        }

        // Always, for some clients do not ask for it and can not do without.
        replies.InfoExport(export.SizeBytes, Flags(isStructured));
        if (request.Wanted.Contains(InfoType.Name))
        {
            replies.InfoText(InfoType.Name, _options.ExportName);
        }

        if (request.Wanted.Contains(InfoType.Description) && _options.Description.Length > 0)
        {
            replies.InfoText(InfoType.Description, _options.Description);
        }

        if (request.Wanted.Contains(InfoType.BlockSize))
        {
            replies.InfoBlockSize(_options);
        }

        replies.Ack();
        return true;
    }

    /// <summary>The answer to NBD_OPT_EXPORT_NAME.</summary>
    public byte[] TellOldWay(bool isStructured, bool hasZeroes)
    {
        const int Bytes = sizeof(ulong) + sizeof(ushort);
        byte[] answer = new byte[hasZeroes ? Bytes + NbdMagic.ExportNamePadding : Bytes];
        BinaryPrimitives.WriteInt64BigEndian(answer, export.SizeBytes);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(sizeof(ulong)), (ushort)Flags(isStructured));
        return answer;
    }

    private TransmissionFlags Flags(bool isStructured)
    {
        TransmissionFlags flags = TransmissionFlags.HasFlags | TransmissionFlags.SendFlush
            | TransmissionFlags.SendForceUnitAccess | TransmissionFlags.CanMultiConnection
            | TransmissionFlags.SendCache;
        flags |= _options.ReadOnly
            ? TransmissionFlags.ReadOnly
            : TransmissionFlags.SendTrim | TransmissionFlags.SendWriteZeroes | TransmissionFlags.SendFastZero;
        flags |= _options.Rotational ? TransmissionFlags.Rotational : TransmissionFlags.None;
        return flags | (isStructured ? TransmissionFlags.SendDontFragment : TransmissionFlags.None);
    }
}
