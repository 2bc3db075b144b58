namespace RemoteSwap.LoadGen.Distributions;

/// <summary>The order in which a worker touches its slots. One for each worker; used by one thread.</summary>
internal interface ISlotDistribution
{
    /// <summary>The next slot, counted from the worker's first.</summary>
    int Next();
}
