namespace RemoteSwap.LoadGen.Chaos;

/// <summary>A chaos run can not be made; the message says why and what to do.</summary>
internal sealed class ChaosFailedException(string message) : Exception(message);
