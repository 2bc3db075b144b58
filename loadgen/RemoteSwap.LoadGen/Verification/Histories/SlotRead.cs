namespace RemoteSwap.LoadGen.Verification.Histories;

/// <summary>A load that is under way.</summary>
/// <param name="Session">Whose: owners are counted from 1.</param>
/// <param name="Invoked">When its call began.</param>
internal sealed record SlotRead(int Session, long Invoked);
