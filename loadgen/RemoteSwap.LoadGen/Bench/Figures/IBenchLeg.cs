namespace RemoteSwap.LoadGen.Bench.Figures;

/// <summary>One thing that is measured, round for round. Used by one run at a time.</summary>
internal interface IBenchLeg
{
    /// <summary>Its name, unlike those of the other legs of its group.</summary>
    string Name { get; }

    /// <summary>What it measures.</summary>
    LegShape Shape { get; }

    /// <summary>Measures once.</summary>
    /// <param name="time">About how long.</param>
    /// <param name="ct">Gives it up.</param>
    Task<LegSample> RunAsync(TimeSpan time, CancellationToken ct);
}
