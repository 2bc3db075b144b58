namespace RemoteSwap.Fuzz.Core;

/// <summary>
/// The smoke budget by the name of a target's type, so that it also runs inside a mutant's build, where the target is
/// another assembly's.
/// </summary>
internal static class SmokeProbe
{
    /// <summary>Runs a target of this assembly on its seeds, and changed ones.</summary>
    /// <param name="typeName">The target's type.</param>
    /// <param name="corpus">A folder with further inputs.</param>
    /// <param name="changed">How many changed inputs.</param>
    /// <param name="seed">Which ones.</param>
    public static void Run(string typeName, string corpus, int changed, int seed)
    {
        Type type = typeof(SmokeProbe).Assembly.GetType(typeName)
            ?? throw new ArgumentException($"there is no {typeName}", nameof(typeName));
        IFuzzTarget target = (IFuzzTarget)Activator.CreateInstance(type, nonPublic: true)!;

        // In one order on every system.
        IEnumerable<byte[]> inputs = Directory.GetFiles(corpus).Order(StringComparer.Ordinal).Select(File.ReadAllBytes);
        SmokeRun.Run(target, inputs, changed, seed);
    }
}
