using Xunit;

namespace RemoteSwap.Pool.Tests.Golden;

/// <summary>The pool answers as Linux 3.12.9's zbud does, operation by operation.</summary>
public sealed class GoldenReplayTests
{
    private const string MoreTraces = "ZBUD_TRACES";

    public static TheoryData<string> Traces =>
    [
        GoldenReplay.ShippedTrace,
        .. (Environment.GetEnvironmentVariable(MoreTraces) ?? string.Empty)
            .Split(':', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
    ];

    [Theory]
    [MemberData(nameof(Traces))]
    public void A_trace_replays_without_a_difference(string path)
    {
        Assert.True(File.Exists(path), $"{path} (named in {MoreTraces} or shipped) does not exist");

        ReplayDifference? difference = GoldenReplay.FindDifference(path, audit: true, out int operations);

        Assert.True(difference is null, difference?.ToString());
        Assert.True(operations > 0, $"{path} has no operations");
    }

    [Fact]
    public void The_shipped_trace_is_whole()
    {
        _ = GoldenReplay.FindDifference(GoldenReplay.ShippedTrace, audit: false, out int operations);

        Assert.Equal(800, operations);
    }
}
