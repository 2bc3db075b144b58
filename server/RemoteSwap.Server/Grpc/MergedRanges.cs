using Google.Protobuf.Collections;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Grpc;

/// <summary>
/// Ranges of one request in order, those that meet or overlap made one: so that a request costs what is stored in its
/// ranges once, however often it names them.
/// </summary>
internal static class MergedRanges
{
    /// <summary>Merges ranges.</summary>
    /// <param name="ranges">The ranges, checked: not empty, and within the area.</param>
    public static List<(ulong First, ulong Count)> Of(RepeatedField<SlotRange> ranges)
    {
        List<(ulong First, ulong Count)> merged = [];
        foreach (SlotRange range in ranges.OrderBy(range => range.First))
        {
            (ulong first, ulong count) = merged.Count == 0 ? default : merged[^1];
            if (count > 0 && range.First <= first + count)
            {
                ulong end = Math.Max(first + count, range.First + range.Count);
                merged[^1] = (first, end - first);
            }
            else
            {
                merged.Add((range.First, range.Count));
            }
        }

        return merged;
    }
}
