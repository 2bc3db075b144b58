using System.Globalization;
using RemoteSwap.Cli.Output;
using RemoteSwap.Codec;
using RemoteSwap.Units;

namespace RemoteSwap.Cli.Commands.Transfer;

/// <summary>
/// How far a transfer is, with rate and time to go: one line that is written over on a terminal, else a line each ten
/// seconds. Any thread may count; the line is written by one.
/// </summary>
internal sealed class TransferProgress : IAsyncDisposable
{
    private static readonly TimeSpan s_terminalInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_lineInterval = TimeSpan.FromSeconds(10);

    private readonly CommandRun _run;
    private readonly string _name;
    private readonly long _pages;
    private readonly long _start;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _view;
    private long _done;

    /// <summary>Begins.</summary>
    /// <param name="run">Where the line goes.</param>
    /// <param name="name">What is being done, in a word.</param>
    /// <param name="pages">Pages to do.</param>
    public TransferProgress(CommandRun run, string name, long pages)
    {
        _run = run;
        _name = name;
        _pages = pages;
        _start = run.Surroundings.Time.GetTimestamp();
        _view = run.Quiet ? Task.CompletedTask : ShowAsync();
    }

    /// <summary>Time since the start.</summary>
    public TimeSpan Elapsed => _run.Surroundings.Time.GetElapsedTime(_start);

    /// <summary>Pages done.</summary>
    public long Done => Interlocked.Read(ref _done);

    /// <summary>Counts pages that are done.</summary>
    public void Add(int pages) => Interlocked.Add(ref _done, pages);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _view;
        _end.Dispose();
        if (!_run.Quiet && _run.Surroundings.IsErrorTerminal)
        {
            _run.Error.Write("\r\u001b[K");
        }
    }

    private async Task ShowAsync()
    {
        bool isTerminal = _run.Surroundings.IsErrorTerminal;
        using PeriodicTimer timer = new(isTerminal ? s_terminalInterval : s_lineInterval, _run.Surroundings.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                _run.Error.Write(isTerminal ? $"\r{Line()}\u001b[K" : Line() + Environment.NewLine);
            }
        }
        catch (OperationCanceledException)
        {
            // The transfer has ended, and with it the line.
        }
    }

    private string Line()
    {
        long done = Done;
        double seconds = Math.Max(Elapsed.TotalSeconds, 1e-6);
        double pagesPerSecond = done / seconds;
        string toGo = done == 0
            ? "unknown"
            : DurationText.Format(TimeSpan.FromSeconds((_pages - done) / pagesPerSecond));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{_name}: {100.0 * done / _pages:0} %, {done:N0} of {_pages:N0} pages, "
            + $"{Amount.Rate(pagesPerSecond * PageSize.Bytes)}, {toGo} to go");
    }
}
