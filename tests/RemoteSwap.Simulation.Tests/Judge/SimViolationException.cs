namespace RemoteSwap.Simulation.Judge;

/// <summary>The contract is broken: what happened, what was legal.</summary>
public sealed class SimViolationException(string message) : Exception(message);
