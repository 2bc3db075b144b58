using RemoteSwap.Client.Requests;

namespace RemoteSwap.Client.Exchange;

/// <summary>What a look through a lane's requests found; to be acted upon outside the lane's lock.</summary>
internal sealed class SweepResult
{
    /// <summary>Whether calls timed out.</summary>
    public bool HasExpired { get; set; }

    /// <summary>What waits for requests that are over.</summary>
    public List<IBatchClock> Over { get; } = [];

    /// <summary>What waits for requests that take long.</summary>
    public List<IBatchClock> Slow { get; } = [];

    /// <summary>Tells those who wait.</summary>
    public void Tell()
    {
        Over.ForEach(clock => clock.BatchIsOver());
        Slow.ForEach(clock => clock.WaitNoLonger());
    }
}
