using RemoteSwap.Simulation.Judge;
using RemoteSwap.Simulation.Network;
using RemoteSwap.Store;

namespace RemoteSwap.Simulation.World;

/// <summary>Everything of one seed: scheduler, clock, server, and what goes wrong.</summary>
internal sealed class SimWorld : IDisposable
{
    // A dead server's memory stays until all that ran on it has ended.
    private static readonly TimeSpan s_graveTime = TimeSpan.FromMinutes(2);

    private readonly List<SimServer> _servers = [];
    private ulong _lives;

    public SimWorld(int seed)
    {
        Scheduler = new SimScheduler(seed);
        Plan = SimPlan.Of(Scheduler.Random);
        Nonces = Plan.Seals ? new NonceWatch() : null;
        Time = new SimTime(Scheduler);
        SimTasks.Scheduler = Scheduler;
    }

    /// <summary>Called when the server's process is gone.</summary>
    public Action? ServerDied { get; set; }

    public SimScheduler Scheduler { get; }

    public SimPlan Plan { get; }

    public SimTime Time { get; }

    /// <summary>The server; null: none runs.</summary>
    public SimServer? Server { get; private set; }

    /// <summary>Looks at what is sealed; null: nothing is.</summary>
    public NonceWatch? Nonces { get; }

    /// <summary>Whether things go wrong at present.</summary>
    public bool FaultsAreOn { get; set; } = true;

    /// <summary>What broke the contract first.</summary>
    public Exception? Violation { get; set; }

    /// <summary>When memory of the server was lost, in ticks.</summary>
    public List<long> MemoryLosses { get; } = [];

    /// <summary>Starts a server with empty memory.</summary>
    public void StartServer()
    {
        _lives++;
        ulong milliseconds = (ulong)Time.GetUtcNow().ToUnixTimeMilliseconds();
        Server = new SimServer(this, new Incarnation((milliseconds << 20) | _lives));
        _servers.Add(Server);
    }

    /// <summary>Ends the server's process and its memory.</summary>
    public void KillServer()
    {
        if (Server is not { } server)
        {
            return;
        }

        Server = null;
        MemoryLosses.Add(Scheduler.Now);
        server.Stop();
        ServerDied?.Invoke();
        Scheduler.At(s_graveTime, () =>
        {
            _servers.Remove(server);
            server.Dispose();
        });
    }

    /// <summary>Delivers messages once more, over a stream that nobody reads.</summary>
    public void Repeat(List<byte[]> messages)
    {
        if (Server is { } server)
        {
            ServedStream ghost = new(server, static _ => { }, static _ => { });
            messages.ForEach(ghost.Arrive);
            ghost.Finish();
        }
    }

    /// <summary>A copy with one bit changed, in a part of it.</summary>
    public byte[] Flip(byte[] bytes, int first, int end)
    {
        byte[] copy = [.. bytes];
        copy[Scheduler.Random.Next(first, end)] ^= (byte)(1 << Scheduler.Random.Next(8));
        return copy;
    }

    /// <inheritdoc/>
    public void Dispose() => _servers.ForEach(server => server.Dispose());
}
