namespace RemoteSwap.Simulation.Judge;

/// <summary>How a page is stored.</summary>
internal enum PageLook
{
    /// <summary>It compresses.</summary>
    Text,

    /// <summary>It does not.</summary>
    Noise,

    /// <summary>One word whose halves are equal.</summary>
    NarrowFill,

    /// <summary>One word whose halves differ.</summary>
    WideFill,
}
