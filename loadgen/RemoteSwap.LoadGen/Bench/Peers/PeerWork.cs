using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Ceilings;
using RemoteSwap.LoadGen.Bench.Worker;

namespace RemoteSwap.LoadGen.Bench.Peers;

/// <summary>Stores and loads blobs on a peer: connections with a thread each, requests in bursts.</summary>
internal static class PeerWork
{
    /// <summary>Measures it; a job without time stores every key once.</summary>
    /// <exception cref="IOException">The peer does not do as it should.</exception>
    public static async Task<WorkResult> RunAsync(WorkJob job, WorkerMemory memory)
    {
        int blobBytes = job.Payload == PagePayload.Zpages ? job.PageBytes : PageSize.Bytes;
        IPeerDialect dialect = job.Protocol switch
        {
            PeerProtocol.Resp => new RespDialect(blobBytes),
            PeerProtocol.Memcached => new MemcachedDialect(blobBytes),
            _ => new NbdDialect(blobBytes),
        };
        List<PeerLane> lanes = [];
        try
        {
            for (int i = 0; i < job.Callers; i++)
            {
                lanes.Add(new PeerLane(job, dialect, i, memory));
            }

            if (job.Seconds > 0)
            {
                return await ThreadedWork.RunAsync(job, thread => lanes[thread].Burst);
            }

            long filled = 0;
            while (filled < job.StoredPages)
            {
                filled += lanes[0].Fill(filled);
            }

            return new WorkResult { Pages = filled };
        }
        finally
        {
            lanes.ForEach(lane => lane.Dispose());
        }
    }
}
