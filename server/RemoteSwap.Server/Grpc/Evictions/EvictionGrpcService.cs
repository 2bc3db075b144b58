using Grpc.Core;
using RemoteSwap.Server.Access;
using RemoteSwap.Store;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Grpc.Evictions;

/// <summary>
/// Serves the streams on which owners of areas take pages. It translates: what is handed out and what is forgotten are
/// the store's.
/// <para>
/// Generated messages, other than where clients wait: a page travels here once in its life, in the background, and the
/// client's device is slower than the collector.
/// </para>
/// </summary>
internal sealed class EvictionGrpcService(PageStore store, AccessPolicy access, IHostApplicationLifetime lifetime)
    : EvictionContract.Service
{
    private readonly RequestCheck _check = new(store, access);

    /// <summary>Evictions; see <see cref="EvictionMethods"/>.</summary>
    public async Task Evictions(
        IAsyncStreamReader<EvictionsRequest> requestStream,
        IServerStreamWriter<EvictionsResponse> responseStream,
        ServerCallContext context)
    {
        GuardedStream guard = access.StreamOf(context.GetHttpContext());
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(
            context.CancellationToken, lifetime.ApplicationStopping, guard.Ended);
        EvictionOutlet? outlet = null;
        try
        {
            CallRefusal? refusal = await BeginAsync(requestStream, ended.Token) is { } begin
                ? CheckBegin(guard.Caller, begin, out outlet)
                : CallRefusal.Invalid("message", "is not begin, which is the first one of a stream");
            if (refusal is null)
            {
                refusal = await new EvictionStream(requestStream, responseStream, outlet).RunAsync(ended.Token);
            }

            refusal?.End(context);
        }
        catch (OperationCanceledException)
        {
            (guard.Refusal ?? CallRefusal.Stopping).End(context);
        }
        catch (IOException)
        {
            // The client has reset the stream or its connection is gone: nobody is left to be told.
        }
        finally
        {
            outlet?.Close();
        }
    }

    private static async Task<EvictionsBegin?> BeginAsync(
        IAsyncStreamReader<EvictionsRequest> requests, CancellationToken cancellation) =>
        await requests.MoveNext(cancellation) ? requests.Current.Begin : null;

    private CallRefusal? CheckBegin(Caller caller, EvictionsBegin begin, out EvictionOutlet? outlet)
    {
        CallRefusal? refusal = _check.CheckArea(caller, begin.Tenant, begin.Area, out Tenant tenant);
        outlet = refusal is null
            ? AreaOwners.OpenOutlet(tenant, new AreaId(begin.Area), new AttachEpoch(begin.AttachEpoch))
            : null;
        return refusal;
    }
}
