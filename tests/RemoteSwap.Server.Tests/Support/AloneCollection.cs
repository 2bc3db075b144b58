namespace RemoteSwap.Server.Tests.Support;

/// <summary>
/// Tests that run while no other does: meters are told apart by name only, and every server has the same ones.
/// </summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
