namespace RemoteSwap.LoadGen.Bench.Figures;

/// <summary>
/// Measures groups: a warm-up round that is not counted, then rounds in which every leg has its turn. A leg that failed
/// is not tried again.
/// </summary>
/// <param name="rounds">Rounds that count.</param>
/// <param name="legTime">Time of each leg in a round.</param>
/// <param name="view">Shows what goes on.</param>
internal sealed class GroupRunner(int rounds, TimeSpan legTime, BenchView view)
{

    /// <summary>Measures a group.</summary>
    public async Task<GroupFigures> RunAsync(BenchGroup group, CancellationToken ct)
    {
        Dictionary<string, string> errors = new(StringComparer.Ordinal);
        List<RoundSamples> measured = [];
        int counted = group.Rounds ?? rounds;
        TimeSpan time = group.LegTime ?? legTime;
        TimeSpan warmUp = legTime < time ? legTime : time;
        view.Note(FormattableString.Invariant(
            $"{group.Title}: {group.Legs.Count} legs of {time.TotalSeconds:0.##} s, rounds: {counted}"));
        for (int round = 0; round <= counted; round++)
        {
            string of = round == 0 ? "warm-up" : FormattableString.Invariant($"round {round} of {counted}");
            RoundSamples samples = await RunRoundAsync(group, round == 0 ? warmUp : time, of, errors, ct);
            if (round > 0)
            {
                measured.Add(samples);
            }
        }

        return new GroupFigures(group, measured, errors);
    }

    private async Task<RoundSamples> RunRoundAsync(
        BenchGroup group, TimeSpan time, string of, Dictionary<string, string> errors, CancellationToken ct)
    {
        RoundSamples samples = new();
        foreach (IBenchLeg leg in group.Legs.Where(leg => !errors.ContainsKey(leg.Name)))
        {
            ct.ThrowIfCancellationRequested();
            view.Step($"  {of}: {leg.Name}");
            LegSample sample = await leg.RunAsync(time, ct);
            samples.Add(leg.Name, sample);
            if (sample.Error is { } error)
            {
                errors.Add(leg.Name, error);
                view.Note($"  {leg.Name}: {error}");
            }
        }

        return samples;
    }
}
