using RemoteSwap.Nbd.Wire;

namespace RemoteSwap.Nbd.Negotiation;

/// <summary>The data of NBD_OPT_LIST_META_CONTEXT and NBD_OPT_SET_META_CONTEXT.</summary>
/// <param name="ExportName">The export.</param>
/// <param name="HasQueries">Whether anything is asked for by name.</param>
/// <param name="NamesBaseAllocation">Whether base:allocation is.</param>
/// <param name="NamesBase">Whether the whole namespace is, as lists may do.</param>
internal sealed record MetaContextQuery(string ExportName, bool HasQueries, bool NamesBaseAllocation, bool NamesBase)
{
    /// <summary>The only context.</summary>
    public const string BaseAllocation = "base:allocation";

    private const string BaseNamespace = "base:";

    /// <summary>Reads the data of the option; null: they are wrong.</summary>
    public static MetaContextQuery? Read(ReadOnlySpan<byte> bytes)
    {
        OptionData data = new(bytes);
        if (!data.TryRead(out string? name) || !data.TryRead(out uint count))
        {
            return null;
        }

        bool namesContext = false;
        bool namesBase = false;

        // Every query takes bytes of the option, which are bounded, so this ends early however large the count is.
        for (uint i = 0; i < count; i++)
        {
            if (!data.TryRead(out string? query))
            {
                return null;
            }

            namesContext |= query == BaseAllocation;
            namesBase |= query == BaseNamespace;
        }

        return data.IsAtEnd ? new MetaContextQuery(name, count > 0, namesContext, namesBase) : null;
    }
}
