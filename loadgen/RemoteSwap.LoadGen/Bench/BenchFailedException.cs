namespace RemoteSwap.LoadGen.Bench;

/// <summary>The benchmark can not be run: a process of its own does not start, ends early or does not answer.</summary>
/// <param name="message">What failed, for the user.</param>
internal sealed class BenchFailedException(string message) : Exception(message);
