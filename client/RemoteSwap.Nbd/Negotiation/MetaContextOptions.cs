using RemoteSwap.Nbd.Transmission;
using RemoteSwap.Nbd.Wire;

namespace RemoteSwap.Nbd.Negotiation;

/// <summary>
/// The meta contexts of a handshake: there is base:allocation, and a client has it for one export or not at all.
/// </summary>
internal sealed class MetaContextOptions(ExportOptions exports)
{
    private string? _chosenFor;

    /// <summary>Whether base:allocation was chosen for an export; another name makes void what was chosen.</summary>
    public bool IsChosenFor(string exportName) => _chosenFor == exportName;

    /// <summary>Forgets what was chosen.</summary>
    public void Reset() => _chosenFor = null;

    /// <summary>Answers NBD_OPT_LIST_META_CONTEXT.</summary>
    public void List(OptionReplies replies, MetaContextQuery? query)
    {
        if (!IsAnswerable(replies, query))
        {
            return;
        }

        if (!query!.HasQueries || query.NamesBase || query.NamesBaseAllocation)
        {
            // Ids mean nothing in lists.
            replies.MetaContext(0, MetaContextQuery.BaseAllocation);
        }

        replies.Ack();
    }

    /// <summary>Answers NBD_OPT_SET_META_CONTEXT, which replaces what was chosen, even if it fails.</summary>
    public void Set(OptionReplies replies, MetaContextQuery? query, bool isStructured)
    {
        Reset();
        if (!isStructured)
        {
            replies.Error(OptionReplyType.ErrorInvalid, "meta contexts need structured replies");
            return;
        }

        if (!IsAnswerable(replies, query))
        {
            return;
        }

        if (query!.NamesBaseAllocation)
        {
            _chosenFor = query.ExportName;
            replies.MetaContext(ReplyLayout.BaseAllocationId, MetaContextQuery.BaseAllocation);
        }

        replies.Ack();
    }

    private bool IsAnswerable(OptionReplies replies, MetaContextQuery? query)
    {
        if (query is null)
        {
            replies.Error(OptionReplyType.ErrorInvalid, "the data are no name and list of contexts");
            return false;
        }

        if (!exports.IsKnown(query.ExportName))
        {
            replies.Error(OptionReplyType.ErrorUnknown, "there is no export of this name");
            return false;
        }

        return true;
    }
}
