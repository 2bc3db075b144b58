using System.Text.Json;
using RemoteSwap.Client;
using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Ceilings;
using RemoteSwap.LoadGen.Bench.Lanes;
using RemoteSwap.LoadGen.Bench.Peers;
using RemoteSwap.LoadGen.Bench.Wire;
using RemoteSwap.LoadGen.Sources;

namespace RemoteSwap.LoadGen.Bench.Worker;

/// <summary>
/// The client process of a benchmark: reads a job from a line of its input, does it, writes a line with the result, and
/// ends with its input, so that it never outlives the process that started it.
/// </summary>
internal sealed class BenchWorker : IAsyncDisposable
{
    private readonly PageLinks _links = new();
    private readonly WorkerMemory _memory = new();

    /// <summary>Works until the input ends.</summary>
    public async Task RunAsync(TextReader input, TextWriter output)
    {
        while (await input.ReadLineAsync() is { } line)
        {
            WorkJob job = JsonSerializer.Deserialize(line, WorkJsonContext.Default.WorkJob)!;
            WorkResult result = await TryWorkAsync(job);
            await output.WriteLineAsync(JsonSerializer.Serialize(result, WorkJsonContext.Default.WorkResult));
            await output.FlushAsync();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _links.DisposeAsync();

    private async Task<WorkResult> TryWorkAsync(WorkJob job)
    {
        try
        {
            return await WorkAsync(job);
        }
        catch (Exception failed) when (
            failed is RemoteSwapException or AggregateException or SourceUnavailableException or IOException
                or UnauthorizedAccessException or System.Net.Sockets.SocketException or InvalidOperationException
                or ArgumentException or OutOfMemoryException or Grpc.Core.RpcException)
        {
            return new WorkResult { Error = failed is AggregateException all ? all.Flatten().Message : failed.Message };
        }
    }

    private Task<WorkResult> WorkAsync(WorkJob job) => job.Kind switch
    {
        WorkKind.Encode or WorkKind.Decode => CodecWork.RunAsync(job, _memory),
        WorkKind.CopyCached or WorkKind.CopyToCold or WorkKind.CopyFromCold => CopyWork.RunAsync(job, _memory),
        WorkKind.DeviceWrite or WorkKind.DeviceRead => DeviceWork.RunAsync(job, _memory),
        WorkKind.PeerStore or WorkKind.PeerLoad => PeerWork.RunAsync(job, _memory),
        WorkKind.Thin => ThinWork.RunAsync(job, _links, _memory),
        WorkKind.NeverRead or WorkKind.Flood => AttackWork.RunAsync(job, _memory),
        _ => CallWork.RunAsync(job, _links, _memory),
    };
}
