using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Lanes;
using RemoteSwap.V1;

namespace RemoteSwap.LoadGen.Bench.Worker;

/// <summary>
/// A client that does not behave: it opens streams, sends requests as fast as the transport takes them, whatever window
/// the server announced, and never reads a reply. Not made with the client library, which would not do that.
/// </summary>
internal static class AttackWork
{
    private const int LoadPages = 512;
    private const int StorePages = 128;
    private const uint Area = 0;

    /// <summary>Attacks for as long as the job says, then closes its streams.</summary>
    public static async Task<WorkResult> RunAsync(WorkJob job, WorkerMemory memory)
    {
        using SocketsHttpHandler handler = new()
        {
            ConnectCallback = async (_, ct) =>
            {
                Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(new Uri(job.Server).LocalPath), ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using GrpcChannel channel = GrpcChannel.ForAddress(
            "http://localhost", new GrpcChannelOptions { HttpHandler = handler });
        PageStoreService.PageStoreServiceClient client = new(channel);
        ExchangeRequest request = job.Kind == WorkKind.Flood ? Store(job, memory.Zpages(job.PageBytes)) : Load(job);
        using CancellationTokenSource end = new(TimeSpan.FromSeconds(job.Seconds));
        long[] sent = await Task.WhenAll(
            Enumerable.Range(0, job.Callers).Select(_ => AttackAsync(client, request, end.Token)));
        int pages = request.Store?.Slots.Count ?? request.Load.Slots.Count;
        return new WorkResult { Pages = sent.Sum() * pages, Seconds = job.Seconds };
    }

    private static async Task<long> AttackAsync(
        PageStoreService.PageStoreServiceClient client, ExchangeRequest request, CancellationToken end)
    {
        long sent = 0;
        while (!end.IsCancellationRequested)
        {
            using AsyncDuplexStreamingCall<ExchangeRequest, ExchangeResponse> call =
                client.Exchange(cancellationToken: end);
            try
            {
                while (!end.IsCancellationRequested)
                {
                    request = request.Clone();
                    request.RequestId = (ulong)++sent;
                    await call.RequestStream.WriteAsync(request, end);
                }
            }
            catch (Exception ended) when (
                ended is RpcException or OperationCanceledException or InvalidOperationException or IOException)
            {
                // The time is over, or the server has had enough of this stream: the next one, if there is time left.
            }
        }

        return sent;
    }

    private static ExchangeRequest Load(WorkJob job)
    {
        LoadRequest load = new() { Tenant = job.Tenant, Area = Area };
        long pages = Math.Min(LoadPages, job.StoredPages);
        load.Slots.AddRange(Enumerable.Range(0, (int)pages).Select(i => (ulong)(i * (job.StoredPages / pages))));
        return new ExchangeRequest { Load = load };
    }

    private static ExchangeRequest Store(WorkJob job, ZpagePool pool)
    {
        StoreRequest store = new() { Tenant = job.Tenant, Area = Area };
        ReadOnlyMemory<byte> zpages = pool.Run(0, StorePages);
        for (int page = 0; page < StorePages; page++)
        {
            store.Slots.Add((ulong)page);
            store.Sizes.Add((uint)pool.ZpageBytes);
            store.Encodings.Add(V1.Encoding.Lz4);
            store.ZpageChecksums.Add(
                Codec.PageChecksum.OfZpage(zpages.Span.Slice(page * pool.ZpageBytes, pool.ZpageBytes)));
        }

        store.Zpages = UnsafeByteOperations.UnsafeWrap(zpages);
        return new ExchangeRequest { Store = store };
    }
}
