namespace RemoteSwap.Pool.Tests.Golden;

/// <summary>A trace did not replay.</summary>
internal sealed class ReplayDifferenceException(string message) : Exception(message);
