namespace RemoteSwap.Telemetry.Tests.Boards;

/// <summary>A panel of a dashboard, as far as these tests look at it.</summary>
internal sealed record BoardPanel(
    string Title,
    string Unit,
    string Description,
    IReadOnlyList<string> Expressions,
    IReadOnlyList<double> Thresholds,
    IReadOnlyList<string> DataSources);
