using System.Diagnostics;
using RemoteSwap.Client;
using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Lanes;
using RemoteSwap.LoadGen.Latency;

namespace RemoteSwap.LoadGen.Bench.Worker;

/// <summary>Makes calls, one at a time, and takes their time.</summary>
internal sealed class Caller
{
    private const int LoadsOfTen = 7;

    private readonly WorkKind _kind;
    private readonly SwapArea[] _areas;
    private readonly RemoteSwapConnection _connection;
    private readonly PingShape _ping;
    private readonly IPageLane _lane;
    private readonly SlotPicker _picker;
    private readonly SeededRandom _random;
    private readonly WorkerMemory _memory;

    /// <summary>Makes a caller.</summary>
    public Caller(WorkJob job, int index, PageLinks links, WorkerMemory memory)
    {
        _kind = job.Kind;
        _memory = memory;
        _areas = links.Areas(job);
        _connection = links.Connection(job, index % job.Tenants);
        _random = new SeededRandom(job.Seed + (ulong)index);
        _picker = new SlotPicker(job, index, _random.Fork());
        PagesOfCall = job.Kind == WorkKind.PingEmpty ? 1 : job.Batch;
        _lane = memory.Lane(job, job.Batch, _random.Fork());
        _ping = job.Kind switch
        {
            WorkKind.PingStore => new PingShape(job.Batch, job.PageBytes, 0, 0, job.CopyMemory),
            WorkKind.PingLoad => new PingShape(0, 0, job.Batch, job.PageBytes, job.CopyMemory),
            _ => default,
        };
    }

    /// <summary>Pages that a call counts as.</summary>
    public int PagesOfCall { get; }

    /// <summary>Latencies of the calls.</summary>
    public LatencyRecorder Latency { get; } = new();

    /// <summary>Pages of the calls.</summary>
    public long Pages { get; private set; }

    /// <summary>Pages that were not stored or not loaded.</summary>
    public long BadPages { get; private set; }

    /// <summary>Makes calls until a time.</summary>
    /// <param name="end">When no further one starts, as a timestamp of the stopwatch.</param>
    public async Task RunAsync(long end)
    {
        for (long now = Stopwatch.GetTimestamp(); now < end; now = Stopwatch.GetTimestamp())
        {
            await CallAsync(now);
        }
    }

    /// <summary>Makes one call.</summary>
    /// <param name="start">Where its latency counts from, as a timestamp of the stopwatch.</param>
    public async ValueTask CallAsync(long start)
    {
        int bad = await OneAsync();
        Latency.Record(Stopwatch.GetElapsedTime(start));
        Pages += PagesOfCall;
        BadPages += bad;
    }

    private ValueTask<int> OneAsync() => _kind switch
    {
        WorkKind.Store => _lane.StoreAsync(_areas[_picker.Pick(_lane.Slots)]),
        WorkKind.Load => _lane.LoadAsync(_areas[_picker.Pick(_lane.Slots)]),
        WorkKind.LoadKept => LoadKeptAsync(),
        WorkKind.Mixed when _random.Next(10) < LoadsOfTen => _lane.LoadAsync(_areas[_picker.Pick(_lane.Slots)]),
        WorkKind.Mixed => _lane.StoreAsync(_areas[_picker.Pick(_lane.Slots)]),
        _ => PingAsync(),
    };

    private ValueTask<int> LoadKeptAsync()
    {
        foreach (ref ulong slot in _lane.Slots)
        {
            slot = _memory.Kept[_random.Next(_memory.Kept.Length)];
        }

        return _lane.LoadAsync(_areas[0]);
    }

    private async ValueTask<int> PingAsync()
    {
        await _connection.PingAsync(_ping);
        return 0;
    }
}
