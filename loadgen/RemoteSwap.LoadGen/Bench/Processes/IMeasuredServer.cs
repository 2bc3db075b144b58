namespace RemoteSwap.LoadGen.Bench.Processes;

/// <summary>A server process whose cost is measured. One question at a time.</summary>
internal interface IMeasuredServer
{
    /// <summary>What it has used so far.</summary>
    Task<ServerFigures> ReadAsync(CancellationToken ct);

    /// <summary>Its resident memory now, in bytes; cheap, and may be asked at any time.</summary>
    long ResidentBytes();
}
