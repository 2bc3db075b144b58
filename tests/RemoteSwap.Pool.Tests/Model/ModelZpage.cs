namespace RemoteSwap.Pool.Tests.Model;

/// <summary>A zpage as the naive model sees it. It outlives its handle while it is pinned.</summary>
internal sealed class ModelZpage(int id, int sizeBytes, bool headless)
{
    public int Id { get; } = id;

    public int SizeBytes { get; } = sizeBytes;

    public bool Headless { get; } = headless;

    public int Chunks { get; } = headless ? 64 : (sizeBytes + 63) / 64;

    /// <summary>The handle that the pool gave it; stale once <see cref="Live"/> is false.</summary>
    public ZbudHandle Handle { get; set; }

    public bool Live { get; set; }

    public int Pins { get; set; }

    public ModelFrame? Frame { get; set; }

    public Buddy Side { get; set; }

    /// <summary>Where its bytes begin in its frame.</summary>
    public int Offset => (Headless, Side) switch
    {
        (true, _) => 0,
        (_, Buddy.First) => 64,
        _ => 4096 - (Chunks * 64),
    };

    public override string ToString() => $"zpage {Id} of {SizeBytes} bytes";
}
