namespace RemoteSwap.Store.Tests.Linearizability;

/// <summary>One finished operation on one slot, with the moments of its call and its return.</summary>
/// <param name="Kind">What was done.</param>
/// <param name="Value">The value stored or loaded; 0: the slot was empty.</param>
/// <param name="Called">When it was called, on one clock of all threads.</param>
/// <param name="Returned">When it returned.</param>
internal sealed record Operation(OperationKind Kind, int Value, long Called, long Returned);
