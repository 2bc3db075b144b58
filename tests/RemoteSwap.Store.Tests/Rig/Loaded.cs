namespace RemoteSwap.Store.Tests.Rig;

/// <summary>What a Load of one slot brought.</summary>
internal sealed record Loaded(LoadOutcome Outcome, byte[] Zpage, ulong Generation);
