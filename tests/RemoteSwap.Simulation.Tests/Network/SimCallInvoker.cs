using Grpc.Core;
using RemoteSwap.Simulation.World;

namespace RemoteSwap.Simulation.Network;

/// <summary>
/// The transport of a client in a simulated world. A call that is no stream may be carried out and its reply lost, may
/// be carried out late, and may be carried out twice.
/// </summary>
internal sealed class SimCallInvoker(SimWorld world, SimLink link) : CallInvoker
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        TaskCompletionSource<TResponse> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        options.CancellationToken.Register(() => Fail(done, StatusCode.Cancelled, "cancelled"));
        byte[] bytes = SentMessage.Of(method.RequestMarshaller, request);
        int breaks = link.Breaks;
        world.Scheduler.At(s_deadline, () => Fail(done, StatusCode.DeadlineExceeded, "too late"));
        if (link.IsDead)
        {
            world.Scheduler.At(link.Latency(), () => Fail(done, StatusCode.Unavailable, "no way"));
        }
        else
        {
            world.Scheduler.At(
                link.Latency(), () => link.WhenOpen(toServer: true, () => _ = ServeAsync(method, bytes, done, breaks)));
            if (world.FaultsAreOn && world.Scheduler.Chance(0.05))
            {
                world.Scheduler.At(
                    world.Scheduler.Between(0, 8000), () => _ = ServeAsync(method, bytes, done: null, breaks));
            }
        }

        return new AsyncUnaryCall<TResponse>(
            done.Task,
            Task.FromResult(new Metadata()),
            static () => Status.DefaultSuccess,
            static () => [],
            static () => { });
    }

    /// <inheritdoc/>
    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        SimStream<TRequest, TResponse> stream = new(world, link, method, options.CancellationToken);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            stream,
            stream,
            Task.FromResult(new Metadata()),
            static () => Status.DefaultSuccess,
            static () => [],
            stream.Dispose);
    }

    /// <inheritdoc/>
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        throw new NotSupportedException();

    private static void Fail<T>(TaskCompletionSource<T> done, StatusCode code, string words) =>
        done.TrySetException(new RpcException(new Status(code, words)));

    private async Task ServeAsync<TRequest, TResponse>(
        Method<TRequest, TResponse> method, byte[] request, TaskCompletionSource<TResponse>? done, int breaks)
    {
        if (world.Server is not { } server)
        {
            world.Scheduler.At(
                link.Latency(),
                () => done?.TrySetException(new RpcException(new Status(StatusCode.Unavailable, "nobody listens"))));
            return;
        }

        (byte[] reply, Status status) = await server.CallAsync(method.FullName, request);
        if (done is null)
        {
            return;
        }

        world.Scheduler.At(link.Latency(), () => link.WhenOpen(toServer: false, () =>
        {
            if (breaks != link.Breaks || link.IsDead)
            {
                Fail(done, StatusCode.Unavailable, "the connection was reset");
            }
            else if (status.StatusCode != StatusCode.OK)
            {
                done.TrySetException(new RpcException(status));
            }
            else
            {
                done.TrySetResult(method.ResponseMarshaller.ContextualDeserializer(new ReceivedMessage(reply)));
            }
        }));
    }
}
