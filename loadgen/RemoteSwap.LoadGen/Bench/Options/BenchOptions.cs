using RemoteSwap.Codec;

namespace RemoteSwap.LoadGen.Bench.Options;

/// <summary>What a benchmark measures and how long.</summary>
internal sealed record BenchOptions
{
    /// <summary>Where results go instead of a file: to the output.</summary>
    public const string ToOutput = "-";

    /// <summary>What is measured, in this order.</summary>
    public required IReadOnlyList<BenchSet> Sets { get; init; }

    /// <summary>Rounds that count; every leg has its turn in each.</summary>
    public required int Rounds { get; init; }

    /// <summary>Time of a leg in a round.</summary>
    public required TimeSpan LegTime { get; init; }

    /// <summary>Frames of the working set, in bytes.</summary>
    public required long WorkingSetBytes { get; init; }

    /// <summary>Whether sizes and times are cut down to a trial.</summary>
    public bool Quick { get; init; }

    /// <summary>Peers to compare with, where they are installed.</summary>
    public IReadOnlyList<PeerKind> Against { get; init; } = [];

    /// <summary>Where JSON goes: a file, or <see cref="ToOutput"/>; null: nowhere.</summary>
    public string? JsonPath { get; init; }

    /// <summary>Where HTML goes; null: nowhere.</summary>
    public string? HtmlPath { get; init; }

    /// <summary>Zpages of the working set: two to a frame.</summary>
    public long Zpages => WorkingSetBytes / PageSize.Bytes * 2;

    /// <summary>Raw pages of the working set, which come to about half as many bytes.</summary>
    public long RawPages => WorkingSetBytes / PageSize.Bytes;
}
