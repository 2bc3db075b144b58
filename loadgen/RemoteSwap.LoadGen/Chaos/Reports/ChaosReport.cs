using RemoteSwap.LoadGen.Chaos.Faults;

namespace RemoteSwap.LoadGen.Chaos.Reports;

/// <summary>What a chaos run came to, as JSON: schema <c>remoteswap.chaos/1</c>.</summary>
internal sealed record ChaosReport
{
    /// <summary>The schema.</summary>
    public string Schema { get; init; } = "remoteswap.chaos/1";

    /// <summary>"clean", "wrong" or "stuck".</summary>
    public required string Result { get; init; }

    /// <summary>The exit code.</summary>
    public required int ExitCode { get; init; }

    /// <summary>Start of all random choices.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Answers of loads that were judged.</summary>
    public required long LoadsJudged { get; init; }

    /// <summary>Answers that could not be judged.</summary>
    public required long LoadsNotJudged { get; init; }

    /// <summary>Answers that were not legal.</summary>
    public required long Wrong { get; init; }

    /// <summary>Pages that servers had again when they were started after a kill.</summary>
    public required long KeptPages { get; init; }

    /// <summary>The longest stall after a kill and a new start; null: there was none.</summary>
    public required double? LongestStallAfterKillMs { get; init; }

    /// <summary>The longest stall of each kind of fault.</summary>
    public required IReadOnlyDictionary<string, double> LongestStallMs { get; init; }

    /// <summary>The faults in their order.</summary>
    public required IReadOnlyList<FaultReport> Faults { get; init; }

    /// <summary>How often each outcome came.</summary>
    public required IReadOnlyDictionary<string, long> Outcomes { get; init; }

    /// <summary>The first answers that were not legal, with the operations of their slots.</summary>
    public required IReadOnlyList<string> Violations { get; init; }

    /// <summary>Builds it.</summary>
    public static ChaosReport Of(ChaosRecord record)
    {
        Dictionary<string, double> longest = record.Faults.Where(fault => fault.Stall is not null)
            .GroupBy(fault => FaultNames.Of(fault.Fault.Kind), StringComparer.Ordinal)
            .ToDictionary(
                group => group.Key,
                group => Rounded(group.Max(fault => fault.Stall!.Value.TotalMilliseconds)),
                StringComparer.Ordinal);
        (string result, int exitCode) = record switch
        {
            { IsClean: false } => ("wrong", LoadGen.Options.ExitCode.WrongPage),
            { HasGoneOn: false } => ("stuck", LoadGen.Options.ExitCode.Failed),
            _ => ("clean", LoadGen.Options.ExitCode.Ok),
        };
        return new ChaosReport
        {
            Result = result,
            ExitCode = exitCode,
            Seed = record.Options.Seed,
            LoadsJudged = record.Judged,
            LoadsNotJudged = record.NotJudged,
            Wrong = record.Wrong,
            KeptPages = record.KeptPages,
            LongestStallAfterKillMs =
                longest.TryGetValue(FaultNames.Of(FaultKind.Kill), out double stall) ? stall : null,
            LongestStallMs = longest,
            Faults =
            [
                .. record.Faults.Select(fault => new FaultReport(
                    FaultNames.Of(fault.Fault.Kind),
                    Rounded(fault.At.TotalSeconds),
                    Rounded(fault.Fault.Length.TotalMilliseconds),
                    fault.Stall is { } time ? Rounded(time.TotalMilliseconds) : null,
                    fault.Remark)),
            ],
            Outcomes = record.Outcomes,
            Violations = [.. record.Violations.Select(violation => violation.ToString())],
        };
    }

    private static double Rounded(double number) => Math.Round(number, 3);
}
