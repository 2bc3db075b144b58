using RemoteSwap.Simulation.World;

namespace RemoteSwap.Simulation.Network;

/// <summary>
/// The path between a client and the server: how long messages take, and what the world does to it. Messages of one
/// stream keep their order, as over TCP; streams do not keep theirs among each other.
/// </summary>
internal sealed class SimLink(SimScheduler scheduler, double slowestMs)
{
    private readonly List<Action> _held = [];

    /// <summary>Called when all connections break.</summary>
    public Action? Broken { get; set; }

    /// <summary>How often connections broke: what was sent before the last time does not arrive.</summary>
    public int Breaks { get; private set; }

    /// <summary>Whether messages to the server are held up.</summary>
    public bool HoldsToServer { get; private set; }

    /// <summary>Whether messages to the client are held up.</summary>
    public bool HoldsToClient { get; private set; }

    /// <summary>Whether the client's process is gone.</summary>
    public bool IsDead { get; set; }

    /// <summary>A time that a message takes.</summary>
    public TimeSpan Latency() => scheduler.Between(0.05, slowestMs);

    /// <summary>Breaks all connections.</summary>
    public void Break()
    {
        Breaks++;
        Broken?.Invoke();
    }

    /// <summary>Lets nothing through in one direction, or both.</summary>
    public void Hold(bool toServer, bool toClient)
    {
        HoldsToServer |= toServer;
        HoldsToClient |= toClient;
    }

    /// <summary>Lets everything through again.</summary>
    public void Release()
    {
        HoldsToServer = false;
        HoldsToClient = false;
        Action[] held = [.. _held];
        _held.Clear();
        Array.ForEach(held, action => scheduler.At(Latency(), action));
    }

    /// <summary>Runs something when messages of a direction get through.</summary>
    public void WhenOpen(bool toServer, Action action)
    {
        if (toServer ? HoldsToServer : HoldsToClient)
        {
            _held.Add(() => WhenOpen(toServer, action));
        }
        else
        {
            action();
        }
    }
}
