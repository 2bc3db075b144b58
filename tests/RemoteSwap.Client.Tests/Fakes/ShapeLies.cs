using Google.Protobuf;
using RemoteSwap.V1;

namespace RemoteSwap.Client.Tests.Fakes;

/// <summary>Lies that break the shape of a load's reply, told to the pages of <see cref="PageLies"/>.</summary>
internal static class ShapeLies
{
    /// <summary>Lies by name, with a word that the failure must name.</summary>
    public static Dictionary<string, (string Word, Action<LoadResponse> Lie)> All { get; } = new(StringComparer.Ordinal)
    {
        ["outcomes too short"] = ("outcomes", r => r.Outcomes.RemoveAt(3)),
        ["outcomes too long"] = ("outcomes", r => r.Outcomes.Add(V1.LoadOutcome.NotFound)),
        ["generations too short"] = ("generations", r => r.Generations.RemoveAt(3)),
        ["generations empty"] = ("generations", r => r.Generations.Clear()),
        ["sizes too short"] = ("sizes", r => r.Sizes.RemoveAt(3)),
        ["sizes too long"] = ("sizes", r => r.Sizes.Add(0)),
        ["encodings too short"] = ("encodings", r => r.Encodings.RemoveAt(3)),
        ["zpage checksums too short"] = ("zpage_checksums", r => r.ZpageChecksums.RemoveAt(0)),
        ["page checksums empty"] = ("page_checksums", r => r.PageChecksums.Clear()),
        ["all columns empty"] = ("outcomes", EmptyAllColumns),
        ["a size too small"] = ("zpages", r => r.Sizes[0]--),
        ["a size too large"] = ("zpages", r => r.Sizes[0]++),
        ["bytes cut off"] = ("zpages", r => r.Zpages = ByteString.CopyFrom(r.Zpages.Span[..^1])),
        ["bytes missing"] = ("zpages", r => r.Zpages = ByteString.Empty),
        ["bytes added"] = ("zpages", r => r.Zpages = ByteString.CopyFrom([.. r.Zpages.Span, 0])),
        ["size above a page"] = ("4097", r => r.Sizes[1] = 4097),
        ["size above an int"] = ("4294967295", r => r.Sizes[1] = uint.MaxValue),
        ["sizes that wrap around"] = ("above 4096", WrapSizesAround),
        ["unknown encoding"] = ("99", r => r.Encodings[0] = (V1.Encoding)99),
        ["unset encoding"] = ("encoding 0", r => r.Encodings[0] = V1.Encoding.Unspecified),
        ["negative encoding"] = ("-1", r => r.Encodings[0] = (V1.Encoding)(-1)),
        ["unknown outcome"] = ("99", r => r.Outcomes[0] = (V1.LoadOutcome)99),
        ["unset outcome"] = ("outcome 0", r => r.Outcomes[0] = V1.LoadOutcome.Unspecified),
        ["bytes of a page that was not found"] = ("slot 1", r => r.Outcomes[1] = V1.LoadOutcome.NotFound),
    };

    private static void EmptyAllColumns(LoadResponse r)
    {
        r.Outcomes.Clear();
        r.Generations.Clear();
        r.Sizes.Clear();
        r.Encodings.Clear();
        r.ZpageChecksums.Clear();
        r.PageChecksums.Clear();
    }

    // In 32 bits the sum is right.
    private static void WrapSizesAround(LoadResponse r)
    {
        r.Sizes[0] += r.Sizes[1] + 1;
        r.Sizes[1] = uint.MaxValue;
    }
}
