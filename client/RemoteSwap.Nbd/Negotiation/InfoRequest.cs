using RemoteSwap.Nbd.Wire;

namespace RemoteSwap.Nbd.Negotiation;

/// <summary>The data of NBD_OPT_INFO and NBD_OPT_GO.</summary>
/// <param name="Name">The export.</param>
/// <param name="Wanted">What the client wants to know; unknown kinds are left out.</param>
internal sealed record InfoRequest(string Name, IReadOnlySet<InfoType> Wanted)
{
    /// <summary>Reads the data of the option; null: they are wrong.</summary>
    public static InfoRequest? Read(ReadOnlySpan<byte> bytes)
    {
        OptionData data = new(bytes);
        if (!data.TryRead(out string? name) || !data.TryRead(out ushort count))
        {
            return null;
        }

        HashSet<InfoType> wanted = [];
        for (int i = 0; i < count; i++)
        {
            if (!data.TryRead(out ushort type))
            {
                return null;
            }

            if (Enum.IsDefined((InfoType)type))
            {
                wanted.Add((InfoType)type);
            }
        }

        return data.IsAtEnd ? new InfoRequest(name, wanted) : null;
    }
}
