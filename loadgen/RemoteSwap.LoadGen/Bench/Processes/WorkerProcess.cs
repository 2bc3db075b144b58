using System.Text.Json;
using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Wire;

namespace RemoteSwap.LoadGen.Bench.Processes;

/// <summary>A client process that does one job at a time.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly SelfProcess _process =
        SelfProcess.Start(HiddenCommands.Worker, [], new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>Has a job done. What fails within the job is in the result.</summary>
    /// <exception cref="BenchFailedException">The process ended.</exception>
    public async Task<WorkResult> RunAsync(WorkJob job, CancellationToken ct)
    {
        string line = JsonSerializer.Serialize(job, WorkJsonContext.Default.WorkJob);
        return JsonSerializer.Deserialize(
            await _process.AskAsync(line, ct), WorkJsonContext.Default.WorkResult)!;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
