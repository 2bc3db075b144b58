using CsCheck;
using RemoteSwap.LoadGen.Latency;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Latency;

public sealed class LatencyRecorderTests
{
    private static readonly double[] s_percents = [1, 25, 50, 90, 99, 99.9, 100];

    [Fact]
    public void Percentiles_are_the_exact_ones_within_a_thousandth() =>
        Gen.Int[1, 2_000_000_000].Array[1, 400].Sample(ticks =>
        {
            LatencyRecorder recorder = new();
            LatencyRecorder other = new();
            for (int i = 0; i < ticks.Length; i++)
            {
                (i % 3 == 0 ? other : recorder).Record(TimeSpan.FromTicks(ticks[i]));
            }

            recorder.Add(other);
            Array.Sort(ticks);
            Assert.Equal(ticks.Length, recorder.Count);
            Assert.Equal(TimeSpan.FromTicks(ticks[^1]), recorder.Max);
            foreach (double percent in s_percents)
            {
                int index = Math.Max(0, (int)Math.Ceiling((percent / 100 * ticks.Length) - 1e-9) - 1);
                long exact = ticks[index];
                long found = recorder.Percentile(percent).Ticks;
                Assert.InRange(found, (long)(exact * 0.999) - 1, (long)(exact * 1.001) + 1);
            }
        });

    [Fact]
    public void Nothing_recorded_is_zero_and_the_extremes_are_kept_within_bounds()
    {
        LatencyRecorder recorder = new();
        Assert.Equal(TimeSpan.Zero, recorder.Percentile(99));
        Assert.Equal(TimeSpan.Zero, recorder.Mean);

        recorder.Record(TimeSpan.FromSeconds(-1));
        recorder.Record(TimeSpan.FromDays(2));
        Assert.Equal(2, recorder.Count);
        Assert.Equal(LatencyRecorder.Longest, recorder.Max);

        recorder.Reset();
        Assert.Equal(0, recorder.Count);
        Assert.Equal(TimeSpan.Zero, recorder.Max);
    }

    [Fact]
    public void The_hgrm_file_is_what_plotters_read()
    {
        LatencyRecorder recorder = new();
        for (int i = 1; i <= 1_000; i++)
        {
            recorder.Record(TimeSpan.FromMicroseconds(i));
        }

        using StringWriter text = new();
        recorder.WriteHgrm(text);

        Assert.Contains("Value", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("Percentile", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("#[Max", text.ToString(), StringComparison.Ordinal);
    }
}
