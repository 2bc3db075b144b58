namespace RemoteSwap.LoadGen.Progress;

/// <summary>Progress as lines, for logs: one at the end of each phase, and one each 10 seconds of a long one.</summary>
internal sealed class PlainView(TextWriter writer) : IProgressView
{
    /// <summary>Time between lines within a phase.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private TimeSpan _nextLine;

    /// <inheritdoc/>
    public void Note(string text) => writer.WriteLine(text);

    /// <inheritdoc/>
    public void Begin(PhaseProgress progress) => _nextLine = Interval;

    /// <inheritdoc/>
    public void Update(PhaseProgress progress, TimeSpan elapsed)
    {
        if (elapsed >= _nextLine)
        {
            _nextLine += Interval;
            Write(progress, elapsed, FormattableString.Invariant($"{progress.Share(elapsed) * 100:0} %"));
        }
    }

    /// <inheritdoc/>
    public void End(PhaseProgress progress, TimeSpan elapsed) => Write(progress, elapsed, "done");

    private void Write(PhaseProgress progress, TimeSpan elapsed, string state)
    {
        double rate = elapsed > TimeSpan.Zero ? progress.DonePages / elapsed.TotalSeconds : 0;
        string pages = FormattableString.Invariant($"{progress.DonePages:N0} pages in {elapsed.TotalSeconds:0.0} s");
        writer.WriteLine($"{progress.Name}: {state}, {pages}, {FormattableString.Invariant($"{rate:N0}")} pages/s");
    }
}
