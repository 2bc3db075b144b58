using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Figures;
using RemoteSwap.LoadGen.Bench.Options;

namespace RemoteSwap.LoadGen.Bench.Peers;

/// <summary>A peer's program and how it is run: in memory alone, on a socket file.</summary>
internal sealed record PeerProgram
{
    private const int ManyConnections = 16;
    private const int FewConnections = 4;
    private const long MebiByte = 1 << 20;

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The file on the PATH.</summary>
    public required string Executable { get; init; }

    /// <summary>What it speaks.</summary>
    public required PeerProtocol Protocol { get; init; }

    /// <summary>Its arguments: for a socket file, and bytes to hold.</summary>
    public required Func<string, long, IReadOnlyList<string>> Options { get; init; }

    /// <summary>Connections that keep it busy.</summary>
    public int Connections { get; init; } = ManyConnections;

    /// <summary>Whether it is given pages of 4,096 bytes, and not zpages.</summary>
    public bool TakesRawPages { get; init; }

    /// <summary>What storing is called there.</summary>
    public string StoreName { get; init; } = "set";

    /// <summary>What loading is called there.</summary>
    public string LoadName { get; init; } = "get";

    /// <summary>What the page server ought to reach of it.</summary>
    public Goal? Goal { get; init; }

    /// <summary>The program of a peer.</summary>
    public static PeerProgram Of(PeerKind kind) => kind switch
    {
        PeerKind.Redis => new PeerProgram
        {
            Name = "redis",
            Executable = "redis-server",
            Protocol = PeerProtocol.Resp,
            Options = (socket, _) =>
                ["--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--daemonize", "no"],
            Goal = Goal.Least(1),
        },
        PeerKind.Garnet => new PeerProgram
        {
            Name = "Garnet",
            Executable = "garnet-server",
            Protocol = PeerProtocol.Resp,
            Options = (socket, bytes) =>
            [
                "--unixsocket", socket, "--memory", $"{GarnetMebiBytes(bytes)}m", "--index", "64m",
                "--logger-level", "Error",
            ],
            Goal = Goal.Least(0.7),
        },
        PeerKind.Memcached => new PeerProgram
        {
            Name = "memcached",
            Executable = "memcached",
            Protocol = PeerProtocol.Memcached,
            Options = (socket, bytes) =>
            [
                "-s", socket, "-m", $"{(bytes * 2 / MebiByte) + 64}", "-t", $"{Environment.ProcessorCount}",
                "-u", Environment.UserName,
            ],
        },
        _ => new PeerProgram
        {
            Name = "nbdkit",
            Executable = "nbdkit",
            Protocol = PeerProtocol.Nbd,
            Options = (socket, bytes) => ["-f", "-U", socket, "memory", $"size={bytes}"],
            Connections = FewConnections,
            TakesRawPages = true,
            StoreName = "write",
            LoadName = "read",
        },
    };

    /// <summary>Where the program is; null: it is not installed.</summary>
    public string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(directory => Path.Combine(directory, Executable))
        .FirstOrDefault(File.Exists);

    /// <summary>Its arguments for a socket file and so many pages.</summary>
    public IReadOnlyList<string> Arguments(string socket, long pages) =>
        Options(socket, pages * (TakesRawPages ? PageSize.Bytes : WorkJob.DefaultPageBytes));

    // Its log of a power of two holds overwritten values until they are left behind.
    private static long GarnetMebiBytes(long bytes) =>
        Math.Max(64, (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)(bytes * 2 / MebiByte)));
}
