using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Figures;

namespace RemoteSwap.LoadGen.Tests.Bench;

/// <summary>A leg that measures what it is told to; keeps a log of its turns.</summary>
internal sealed class FixedLeg(string name, List<string> turns, params LegSample[] samples) : IBenchLeg
{
    private int _turn;

    public string Name => name;

    public LegShape Shape { get; } = LegShape.Of(new WorkJob { Kind = WorkKind.Load });

    public Task<LegSample> RunAsync(TimeSpan time, CancellationToken ct)
    {
        turns.Add(name);
        return Task.FromResult(samples[Math.Min(_turn++, samples.Length - 1)]);
    }

    public static LegSample Rate(long pages, long bad = 0) => new() { Pages = pages, Seconds = 1, BadPages = bad };
}
