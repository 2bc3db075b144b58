namespace RemoteSwap.LoadGen.Bench.Reports.Model;

/// <summary>One set.</summary>
/// <param name="Name">Its name, as on the command line.</param>
/// <param name="Groups">Its groups.</param>
/// <param name="Absent">What was not measured, and why.</param>
internal sealed record SetReport(string Name, IReadOnlyList<GroupReport> Groups, IReadOnlyList<string> Absent);
