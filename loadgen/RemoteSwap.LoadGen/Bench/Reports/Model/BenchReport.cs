namespace RemoteSwap.LoadGen.Bench.Reports.Model;

/// <summary>A benchmark's results, as they are written. Times of calls and of processors in microseconds.</summary>
internal sealed record BenchReport
{
    /// <summary>The form of this; a new number when a field changes its meaning or goes.</summary>
    public string Schema { get; init; } = "remoteswap.bench/1";

    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartedUtc { get; init; }

    /// <summary>The program's version.</summary>
    public required string Version { get; init; }

    /// <summary>The computer.</summary>
    public required MachineReport Machine { get; init; }

    /// <summary>How it was measured.</summary>
    public required MethodReport Method { get; init; }

    /// <summary>What was measured.</summary>
    public required IReadOnlyList<SetReport> Sets { get; init; }

    /// <summary>Pages that were refused, lost or came back wrong; must be 0.</summary>
    public required long BadPages { get; init; }

    /// <summary>Legs that failed; must be 0.</summary>
    public required int FailedLegs { get; init; }

    /// <summary>The exit code of the run.</summary>
    public required int ExitCode { get; init; }
}
