namespace RemoteSwap.Store;

/// <summary>Which quota stands in the way of a call.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Limit">How much the tenant may have.</param>
/// <param name="Used">How much it has, or, of a rate, has taken ahead.</param>
/// <param name="Asked">How much it asked for.</param>
/// <param name="RetryAfter">When it may be let in; zero: when it has given something up.</param>
public readonly record struct QuotaRefusal(QuotaKind Kind, long Limit, long Used, long Asked, TimeSpan RetryAfter);
