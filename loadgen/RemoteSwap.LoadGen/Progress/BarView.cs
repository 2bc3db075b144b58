using Spectre.Console;

namespace RemoteSwap.LoadGen.Progress;

/// <summary>Progress bars on a terminal, one for each phase.</summary>
internal sealed class BarView(ProgressContext context) : IProgressView
{
    private ProgressTask? _task;
    private ProgressTask? _note;

    /// <summary>Runs work that shows bars.</summary>
    /// <param name="writer">The terminal.</param>
    /// <param name="colors">Whether to use colours.</param>
    /// <param name="work">The work.</param>
    public static Task<T> RunAsync<T>(TextWriter writer, bool colors, Func<IProgressView, Task<T>> work)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            ColorSystem = colors ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        return console.Progress()
            .AutoClear(enabled: false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new ElapsedTimeColumn())
            .StartAsync(context => work(new BarView(context)));
    }

    /// <inheritdoc/>
    public void Note(string text)
    {
        EndNote();
        _note = context.AddTask(Markup.Escape(text), maxValue: 1);
        _note.IsIndeterminate = true;
    }

    /// <inheritdoc/>
    public void Begin(PhaseProgress progress)
    {
        EndNote();
        _task = context.AddTask(Markup.Escape(progress.Name), maxValue: 1);
    }

    /// <inheritdoc/>
    public void Update(PhaseProgress progress, TimeSpan elapsed) => Show(progress, elapsed, progress.Share(elapsed));

    /// <inheritdoc/>
    public void End(PhaseProgress progress, TimeSpan elapsed)
    {
        Show(progress, elapsed, share: 1);
        _task?.StopTask();
    }

    private void EndNote()
    {
        if (_note is not null)
        {
            _note.IsIndeterminate = false;
            _note.Value = 1;
            _note.StopTask();
            _note = null;
        }
    }

    private void Show(PhaseProgress progress, TimeSpan elapsed, double share)
    {
        if (_task is null)
        {
            return;
        }

        double rate = elapsed > TimeSpan.Zero ? progress.DonePages / elapsed.TotalSeconds : 0;
        _task.Description = Markup.Escape(FormattableString.Invariant($"{progress.Name}  {rate:N0} pages/s"));
        _task.Value = share;
    }
}
