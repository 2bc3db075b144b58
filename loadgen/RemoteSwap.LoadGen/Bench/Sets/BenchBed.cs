using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Figures;
using RemoteSwap.LoadGen.Bench.Options;
using RemoteSwap.LoadGen.Bench.Processes;

namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>
/// What a set needs: processes, sockets in a private directory, a place for what it measured. Ends all it started.
/// </summary>
internal sealed class BenchBed : IAsyncDisposable
{
    private readonly BenchView _view;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("remoteswap-bench-");
    private readonly Stack<IAsyncDisposable> _started = new();
    private readonly GroupRunner _runner;
    private readonly List<GroupFigures> _groups = [];
    private readonly List<string> _absent = [];
    private int _sockets;

    /// <summary>Makes an empty one.</summary>
    public BenchBed(BenchOptions options, BenchView view)
    {
        Options = options;
        _view = view;
        _runner = new GroupRunner(options.Rounds, options.LegTime, view);
    }

    /// <summary>What the user wants.</summary>
    public BenchOptions Options { get; }

    /// <summary>A private folder that is gone with this.</summary>
    public string Folder => _directory.FullName;

    /// <summary>What was measured so far.</summary>
    public IReadOnlyList<GroupFigures> Groups => _groups;

    /// <summary>What was not measured, and why.</summary>
    public IReadOnlyList<string> Absent => _absent;

    /// <summary>Starts a page server that ends with this; <see cref="ServerProcess.StartAsync"/>.</summary>
    public Task<ServerProcess> StartServerAsync(
        long limitBytes,
        long pingArenaBytes,
        IEnumerable<string> tenants,
        CancellationToken ct,
        params string[] settings) =>
        StartServerAsync(
            $"unix:{NextSocketPath()}", limitBytes, pingArenaBytes, tenants, variables: null, ct, settings);

    /// <summary>Starts one with variables in its environment; <see cref="ServerProcess.StartAsync"/>.</summary>
    public async Task<ServerProcess> StartServerAsync(
        string listen,
        long limitBytes,
        long pingArenaBytes,
        IEnumerable<string> tenants,
        IReadOnlyDictionary<string, string>? variables,
        CancellationToken ct,
        params string[] settings) => Keep(await ServerProcess.StartAsync(
            listen, limitBytes, pingArenaBytes, tenants, settings, variables, ct));

    /// <summary>Starts a client that ends with this.</summary>
    public WorkerProcess StartWorker() => Keep(new WorkerProcess());

    /// <summary>A path in the private directory that nothing has.</summary>
    public string NextSocketPath() =>
        Path.Combine(_directory.FullName, FormattableString.Invariant($"{++_sockets}.sock"));

    /// <summary>Fills a working set.</summary>
    /// <exception cref="BenchFailedException">A page was not stored.</exception>
    public async Task FillAsync(WorkerProcess worker, WorkJob job, CancellationToken ct)
    {
        _view.Step(FormattableString.Invariant($"  filling {job.Tenant}: {job.StoredPages:N0} pages"));
        WorkResult result = await worker.RunAsync(job with { Seconds = 0 }, ct);
        if (result.Error is not null || result.BadPages > 0)
        {
            throw new BenchFailedException(result.Error
                ?? FormattableString.Invariant($"{result.BadPages:N0} of {job.StoredPages:N0} pages were refused"));
        }
    }

    /// <summary>Measures a group.</summary>
    public async Task MeasureAsync(BenchGroup group, CancellationToken ct) =>
        _groups.Add(await _runner.RunAsync(group, ct));

    /// <summary>Says that something is not measured.</summary>
    public void Leave(string what, string reason)
    {
        string text = $"{what}: not here ({reason})";
        _absent.Add(text);
        _view.Note(text);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out IAsyncDisposable? process))
        {
            await process.DisposeAsync();
        }

        _directory.Delete(recursive: true);
    }

    private T Keep<T>(T process)
        where T : IAsyncDisposable
    {
        _started.Push(process);
        return process;
    }
}
