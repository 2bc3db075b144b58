namespace RemoteSwap.Pool;

/// <summary>A pool's figures at a moment.</summary>
/// <param name="Frames">Frames that hold zpages, those under reclaim included (zbud: pages_nr).</param>
/// <param name="Buddied">Frames with two zpages.</param>
/// <param name="Unbuddied">Frames with one zpage and room for another.</param>
/// <param name="Headless">Frames with one zpage that needs it whole.</param>
/// <param name="UnderReclaim">Frames that a reclaimer has.</param>
/// <param name="Zpages">Live zpages: handles.</param>
/// <param name="Pinned">Zpages that are pinned.</param>
/// <param name="HandleFrames">Frames that the handle table occupies.</param>
/// <param name="HeaderFrames">Frames that the headers of headless frames occupy.</param>
public readonly record struct PoolStatistics(
    int Frames,
    int Buddied,
    int Unbuddied,
    int Headless,
    int UnderReclaim,
    int Zpages,
    int Pinned,
    int HandleFrames,
    int HeaderFrames);
