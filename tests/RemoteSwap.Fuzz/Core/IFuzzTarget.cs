namespace RemoteSwap.Fuzz.Core;

/// <summary>
/// Code that reads what others wrote, and a judge beside it. A run that ends is a pass; whatever it throws is a
/// finding. Runs of one target follow one another and must not depend on the runs before them.
/// </summary>
internal interface IFuzzTarget
{
    /// <summary>What the command line and the corpus' folder call it.</summary>
    string Name { get; }

    /// <summary>Inputs made of real messages, with names for their files.</summary>
    IEnumerable<(string Name, byte[] Input)> Seeds();

    /// <summary>Feeds one input.</summary>
    /// <exception cref="FindingException">The judge found something wrong.</exception>
    void Run(ReadOnlySpan<byte> input);
}
