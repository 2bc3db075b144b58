namespace RemoteSwap.Client;

/// <summary>The area, or why it is not to be had.</summary>
/// <param name="Outcome">What became of the attach.</param>
/// <param name="Area">The area; null where the attach was refused.</param>
/// <param name="Holder">Where it was refused: who owns the area, as it says itself; empty: nobody.</param>
/// <param name="HolderSilentFor">Where it was refused: for how long the server has not heard of the owner.</param>
public sealed record AttachReply(
    AttachOutcome Outcome, AttachedArea? Area, string Holder, TimeSpan HolderSilentFor);
