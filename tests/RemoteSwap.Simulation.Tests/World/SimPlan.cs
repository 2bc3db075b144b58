namespace RemoteSwap.Simulation.World;

/// <summary>What kind of world a seed makes: drawn first, so that seeds differ in kind and not only in order.</summary>
internal sealed record SimPlan
{
    /// <summary>Draws a plan.</summary>
    public static SimPlan Of(Random random)
    {
        // A third of the worlds has nothing that empties a slot: there the order of single-page calls can be judged.
        bool isOrdered = random.Next(3) == 0;
        bool isTight = !isOrdered && random.Next(3) == 0;
        return new SimPlan
        {
            IsOrdered = isOrdered,
            ServerLimitBytes = isTight ? 1 << 20 : 64 << 20,
            IsTight = isTight,
            RejectsIncompressible = !isOrdered && random.Next(4) == 0,
            Spills = random.Next(3) == 0,
            SpillFails = !isOrdered && random.Next(2) == 0,
            FlipsBits = !isOrdered && random.Next(4) == 0,
            LosesMemory = !isOrdered && random.Next(2) == 0,
            TakesOver = random.Next(3) == 0,
            RestartsClients = !isOrdered && random.Next(2) == 0,
            Shards = 1 + random.Next(3),
            Streams = 1 + random.Next(3),
            WaitsForServer = random.Next(2) == 0,
            SlowestMs = random.Next(2) == 0 ? 2 : 400,
            Lease = TimeSpan.FromSeconds(2 + random.Next(20)),
            AbandonedFor = random.Next(8) == 0 ? TimeSpan.FromSeconds(20) : TimeSpan.FromHours(1),
            FaultsFor = TimeSpan.FromSeconds(20 + random.Next(60)),
        };
    }

    /// <summary>Nothing empties a slot and nothing is lost.</summary>
    public bool IsOrdered { get; init; }

    /// <summary>Memory of the server.</summary>
    public long ServerLimitBytes { get; init; }

    /// <summary>Whether that is so little that stores are refused.</summary>
    public bool IsTight { get; init; }

    public bool RejectsIncompressible { get; init; }

    public bool Spills { get; init; }

    public bool SpillFails { get; init; }

    public bool FlipsBits { get; init; }

    public bool LosesMemory { get; init; }

    public bool TakesOver { get; init; }

    public bool RestartsClients { get; init; }

    public int Shards { get; init; }

    public int Streams { get; init; }

    public bool WaitsForServer { get; init; }

    /// <summary>Whether clients seal pages: by what was drawn already, so that seeds are what they were.</summary>
    public bool Seals => (int)FaultsFor.TotalSeconds % 3 == 0;

    /// <summary>The slowest message.</summary>
    public double SlowestMs { get; init; }

    public TimeSpan Lease { get; init; }

    public TimeSpan AbandonedFor { get; init; }

    public TimeSpan FaultsFor { get; init; }
}
