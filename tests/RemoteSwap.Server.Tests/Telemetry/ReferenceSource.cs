namespace RemoteSwap.Server.Tests.Telemetry;

/// <summary>A part of the product whose instruments are in the reference.</summary>
/// <param name="Title">The part, as a heading.</param>
/// <param name="Meters">Its meters.</param>
/// <param name="ExerciseAsync">
/// Makes its instruments and has each that is not observed measure something, so that its tags are known.
/// </param>
internal sealed record ReferenceSource(string Title, IReadOnlyList<string> Meters, Func<Task> ExerciseAsync);
