namespace RemoteSwap.Store;

/// <summary>What became of a range of slots.</summary>
/// <param name="Outcome">
/// <see cref="InvalidateOutcome.Invalidated"/>, or why the rest was not touched.
/// </param>
/// <param name="Pages">Pages that are gone.</param>
public readonly record struct InvalidatedPages(InvalidateOutcome Outcome, long Pages);
