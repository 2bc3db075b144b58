namespace RemoteSwap.LoadGen.Bench.Processes;

/// <summary>The first thing that a benchmark's server says.</summary>
/// <param name="Address">Where gRPC is served.</param>
/// <param name="Management">Where metrics are served.</param>
internal sealed record ServerHello(string Address, string Management);
