namespace RemoteSwap.Fuzz.Core;

/// <summary>
/// A fixed budget: every input of a corpus and so many changed ones, the same ones each time. It names the input that
/// broke a rule by its bytes, ready to become a file of the corpus.
/// </summary>
internal static class SmokeRun
{
    private const int MaxShownBytes = 512;

    /// <summary>Runs a target.</summary>
    /// <param name="target">What is fed.</param>
    /// <param name="corpus">What with; the target's own seeds come first.</param>
    /// <param name="changed">How many changed inputs follow.</param>
    /// <param name="seed">Which ones.</param>
    /// <exception cref="FindingException">An input broke a rule or threw.</exception>
    public static void Run(IFuzzTarget target, IEnumerable<byte[]> corpus, int changed, int seed)
    {
        List<byte[]> inputs = [.. target.Seeds().Select(input => input.Input), .. corpus];
        foreach (byte[] input in inputs)
        {
            Feed(target, input);
        }

        Mutator mutator = new(seed);
        for (int count = 0; count < changed; count++)
        {
            Feed(target, mutator.Next(inputs));
        }
    }

    private static void Feed(IFuzzTarget target, byte[] input)
    {
        try
        {
            target.Run(input);
        }
        catch (Exception failure)
        {
            string bytes = Convert.ToHexString(input.AsSpan(0, Math.Min(input.Length, MaxShownBytes)));
            throw new FindingException(
                $"{target.Name}: {failure.GetType().Name}: {failure.Message}; input of {input.Length} bytes: {bytes}"
                + $"{Environment.NewLine}{failure.StackTrace}");
        }
    }
}
