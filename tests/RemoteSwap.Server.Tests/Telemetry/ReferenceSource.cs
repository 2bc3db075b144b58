namespace RemoteSwap.Server.Tests.Telemetry;

/// <summary>A part of the product whose instruments are in the reference.</summary>
/// <param name="Title">The part, as a heading.</param>
/// <param name="Meters">Its meters.</param>
/// <param name="ExerciseAsync">
/// Makes its instruments, has each that is not observed measure something, so that its tags are known, and calls what
/// it is given while they live: that asks those that are observed.
/// </param>
internal sealed record ReferenceSource(string Title, IReadOnlyList<string> Meters, Func<Action, Task> ExerciseAsync);
