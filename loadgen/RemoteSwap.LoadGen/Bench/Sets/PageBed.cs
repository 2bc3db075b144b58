using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Figures;
using RemoteSwap.LoadGen.Bench.Legs;
using RemoteSwap.LoadGen.Bench.Processes;
using RemoteSwap.Units;

namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>
/// A server and a client with two filled working sets, one of zpages and one of raw pages, each of a tenant of its own.
/// </summary>
internal sealed class PageBed
{
    /// <summary>The tenant of the zpages.</summary>
    public const string ZpageTenant = "zpages";

    /// <summary>The tenant of the raw pages.</summary>
    public const string RawTenant = "raw";

    private const int Streams = 4;
    private const int CallsOfStream = 4;
    private const int Batch = 32;
    private const double CodecSeconds = 0.1;

    // Zpages, raw pages, the arena of pings and that of copies in the client; the last half is room.
    private const double MemoryOfWorkingSet = 4;

    private PageBed(ServerProcess server, WorkerProcess worker, BenchBed bed, int rawZpageBytes)
    {
        Server = server;
        Worker = worker;
        Zpages = ZpageJob(server, bed.Options.Zpages);
        Raw = Zpages with
        {
            Tenant = RawTenant,
            StoredPages = bed.Options.RawPages,
            Payload = PagePayload.RawPages,
            PageBytes = rawZpageBytes,
        };
    }

    /// <summary>The server.</summary>
    public ServerProcess Server { get; }

    /// <summary>The client.</summary>
    public WorkerProcess Worker { get; }

    /// <summary>Batches of 32 zpages over 4 streams with 4 calls on each.</summary>
    public WorkJob Zpages { get; }

    /// <summary>The same of raw pages; a ping of it has the mean bytes of their zpages.</summary>
    public WorkJob Raw { get; }

    /// <summary>Starts both and fills both working sets.</summary>
    /// <exception cref="BenchFailedException">There is too little memory, or a process does not start.</exception>
    public static async Task<PageBed> StartAsync(BenchBed bed, CancellationToken ct)
    {
        ByteSize needed = new((long)(bed.Options.WorkingSetBytes * MemoryOfWorkingSet));
        ByteSize there = new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        if (needed.Bytes > there.Bytes)
        {
            throw new BenchFailedException(
                $"a working set of {new ByteSize(bed.Options.WorkingSetBytes)} takes {needed} of memory in all, and "
                + $"there is {there}; give a smaller --working-set");
        }

        // Zpages lie two to a frame, raw pages at worst one to a frame; index and handles come on top. Twice: a set may
        // want areas for other writers.
        long limit = (bed.Options.WorkingSetBytes * 5) + (64L << 20);
        ServerProcess server = await bed.StartServerAsync(
            limit, bed.Options.WorkingSetBytes, [ZpageTenant, RawTenant], ct);
        WorkerProcess worker = bed.StartWorker();
        WorkJob encode = new() { Kind = WorkKind.Encode, Seconds = CodecSeconds };
        WorkResult encoded = await worker.RunAsync(encode, ct);
        if (encoded.Error is { } error)
        {
            throw new BenchFailedException(error);
        }

        PageBed pages = new(server, worker, bed, (int)Math.Round(encoded.ZpageBytes));
        await bed.FillAsync(worker, pages.Zpages with { Kind = WorkKind.Fill }, ct);
        await bed.FillAsync(worker, pages.Raw with { Kind = WorkKind.Fill }, ct);
        return pages;
    }

    /// <summary>Loads of zpages in batches of 32 over 4 streams with 4 calls on each.</summary>
    public static WorkJob ZpageJob(ServerProcess server, long storedPages) => new()
    {
        Kind = WorkKind.Load,
        Server = server.Address,
        Tenant = ZpageTenant,
        StoredPages = storedPages,
        Streams = Streams,
        Batch = Batch,
        Callers = Streams * CallsOfStream,
    };

    /// <summary>Fills an area for a writer with other streams.</summary>
    /// <returns>A job like the one given, of that writer.</returns>
    public async Task<WorkJob> OtherWriterAsync(BenchBed bed, WorkJob job, int streams, CancellationToken ct)
    {
        WorkJob other = job with { Streams = streams, FirstArea = streams + 1 };
        await bed.FillAsync(Worker, other with { Kind = WorkKind.Fill }, ct);
        return other;
    }

    /// <summary>A leg against the server.</summary>
    public WorkLeg Leg(string name, WorkJob job) => new(name, job, Worker, Server);

    /// <summary>A leg of the client alone, on one thread.</summary>
    public WorkLeg Alone(string name, WorkJob job) =>
        new(name, job with { Callers = 1, Server = string.Empty }, Worker, server: null);

    /// <summary>
    /// Pages a second that all cores would do if nothing but codec and transport took their time; null where a leg is
    /// missing.
    /// </summary>
    public static double? Allowed(RoundSamples round, string codec, string ping) =>
        round.Find(codec) is { } work && round.Find(ping) is { } transport
            ? Environment.ProcessorCount * 1e6 / (work.ClientCpuUs + transport.CpuUs)
            : null;
}
