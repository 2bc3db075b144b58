using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Figures;
using RemoteSwap.LoadGen.Bench.Legs;
using RemoteSwap.LoadGen.Bench.Options;
using RemoteSwap.LoadGen.Bench.Peers;
using RemoteSwap.LoadGen.Bench.Processes;

namespace RemoteSwap.LoadGen.Bench.Sets;

/// <summary>The page server next to servers of others, where they are installed: same sizes, same run.</summary>
internal static class PeerGroups
{
    private const int Depth = 64;

    /// <summary>Measures against those that were asked for.</summary>
    public static async Task RunAsync(BenchBed bed, PageBed pages, CancellationToken ct)
    {
        foreach (PeerKind kind in bed.Options.Against)
        {
            PeerProgram program = PeerProgram.Of(kind);
            string socket = bed.NextSocketPath();
            string title = $"Next to {program.Name}";
            if (program.Find() is not { } path)
            {
                bed.Leave(title, $"there is no {program.Executable} on the PATH");
                continue;
            }

            WorkJob ours = program.TakesRawPages ? pages.Raw : pages.Zpages;
            (PeerProcess? peer, string reason) = await PeerProcess.TryStartAsync(
                [path, .. program.Arguments(socket, ours.StoredPages)], socket, ct);
            if (peer is null)
            {
                bed.Leave(title, reason);
                continue;
            }

            await using (peer)
            {
                await RunAsync(bed, pages, program, peer, ours, socket, ct);
            }
        }
    }

    private static async Task RunAsync(
        BenchBed bed,
        PageBed pages,
        PeerProgram program,
        PeerProcess peer,
        WorkJob ours,
        string socket,
        CancellationToken ct)
    {
        const string Store = "store";
        const string Load = "load";
        string write = $"{program.Name} {program.StoreName}";
        string read = $"{program.Name} {program.LoadName}";
        WorkJob theirs = ours with
        {
            Kind = WorkKind.PeerStore,
            Server = string.Empty,
            Target = socket,
            Protocol = program.Protocol,
            Batch = Depth,
            Callers = program.Connections,
        };
        await bed.FillAsync(pages.Worker, theirs, ct);
        string what = program.TakesRawPages ? "raw pages" : "zpages of 1,600 bytes";
        await bed.MeasureAsync(
            new BenchGroup(
                $"Next to {program.Name}: {what}; {program.Connections} connections, pipelines of {Depth}",
                [
                    pages.Leg(Store, ours with { Kind = WorkKind.Store }),
                    new WorkLeg(write, theirs, pages.Worker, peer),
                    pages.Leg(Load, ours with { Kind = WorkKind.Load }),
                    new WorkLeg(read, theirs with { Kind = WorkKind.PeerLoad }, pages.Worker, peer),
                ],
                [RatioSpec.Rate(Store, write, program.Goal), RatioSpec.Rate(Load, read, program.Goal)]),
            ct);
    }
}
