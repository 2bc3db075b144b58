using RemoteSwap.LoadGen.Bench.Figures;
using RemoteSwap.LoadGen.Bench.Options;

namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>What a set found.</summary>
/// <param name="Set">The set.</param>
/// <param name="Groups">Its groups, as they were measured.</param>
/// <param name="Absent">What was not measured, and why.</param>
internal sealed record SetFigures(BenchSet Set, IReadOnlyList<GroupFigures> Groups, IReadOnlyList<string> Absent);
