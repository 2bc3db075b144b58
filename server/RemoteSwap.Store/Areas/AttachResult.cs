namespace RemoteSwap.Store;

/// <summary>The session, or who has it.</summary>
/// <param name="Outcome">What became of the attach.</param>
/// <param name="Epoch">The session's epoch.</param>
/// <param name="Newest">The newest generation that the area has seen.</param>
/// <param name="HasLostPages">Whether pages of the area were lost with an earlier incarnation.</param>
/// <param name="Holder">Of a refusal: who owns the area; empty: nobody.</param>
/// <param name="HolderSilentFor">Of a refusal: for how long that one has not been heard of.</param>
public readonly record struct AttachResult(
    AttachOutcome Outcome,
    AttachEpoch Epoch,
    Generation Newest,
    bool HasLostPages,
    string Holder,
    TimeSpan HolderSilentFor);
