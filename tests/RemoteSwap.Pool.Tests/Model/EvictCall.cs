namespace RemoteSwap.Pool.Tests.Model;

/// <summary>One call of the evictor, with what it and "other threads" did meanwhile, for the model to follow.</summary>
/// <param name="Offered">The handle that was offered.</param>
/// <param name="FreedBefore">A zpage that somebody else freed just before.</param>
/// <param name="Allocated">What somebody else allocated meanwhile.</param>
/// <param name="FreesOffered">Whether the evictor freed the offered zpage, if it was still live.</param>
/// <param name="Result">What the evictor returned.</param>
internal sealed record EvictCall(
    ZbudHandle Offered, ModelZpage? FreedBefore, Allocation? Allocated, bool FreesOffered, bool Result);
