namespace RemoteSwap.LoadGen.Tests.Verification.Histories;

/// <summary>One operation of a tiny history.</summary>
/// <param name="IsRead">Whether it is a load.</param>
/// <param name="Content">What it brings or answers; 0: an empty slot.</param>
/// <param name="IsUnknown">For a write: whether its call failed.</param>
/// <param name="Begin">When it began; no two times are the same.</param>
/// <param name="End">When it ended.</param>
internal sealed record TinyOperation(bool IsRead, ulong Content, bool IsUnknown, int Begin, int End);
