using Grpc.Core;
using RemoteSwap.Server.Grpc;
using RemoteSwap.Simulation.Judge;
using RemoteSwap.Simulation.World;

namespace RemoteSwap.Simulation.Network;

/// <summary>
/// A stream of messages between a client and a server. When it breaks, what was under way to the server may be gone,
/// may arrive late all the same, long after the client has gone on over another stream, or may arrive once more.
/// </summary>
internal sealed class SimStream<TRequest, TReply> : IClientStreamWriter<TRequest>, IAsyncStreamReader<TReply>
    where TRequest : class
    where TReply : class
{
    // Requests that a network may repeat.
    private const int MaxRepeated = 6;

    // Around the zpages of a reply: envelope and lengths, and the columns of as many pages as a client asks for here.
    private const int HeadBytes = 32;
    private const int TailBytes = 400;
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(5);

    private readonly SimWorld _world;
    private readonly SimLink _link;
    private readonly Method<TRequest, TReply> _method;
    private readonly OrderedPath _toServer;
    private readonly OrderedPath _toClient;
    private readonly Queue<byte[]> _arrived = new();
    private readonly List<byte[]> _sent = [];
    private TaskCompletionSource<bool>? _waiting;
    private ServedStream? _served;
    private RpcException? _failure;
    private bool _isOver;
    private bool _isBroken;

    public SimStream(SimWorld world, SimLink link, Method<TRequest, TReply> method, CancellationToken cancellation)
    {
        _world = world;
        _link = link;
        _method = method;
        _toServer = new OrderedPath(world.Scheduler, link, toServer: true);
        _toClient = new OrderedPath(world.Scheduler, link, toServer: false);
        link.Broken += Break;
        world.ServerDied += Die;
        cancellation.Register(() => End(StatusCode.Cancelled, "cancelled"));
        _toServer.Send(Open);
        world.Scheduler.At(s_connectTimeout, () =>
        {
            if (_served is null)
            {
                End(StatusCode.Unavailable, "no connection in time");
            }
        });
    }

    /// <inheritdoc/>
    public WriteOptions? WriteOptions { get; set; }

    /// <inheritdoc/>
    public TReply Current { get; private set; } = null!;

    /// <inheritdoc/>
    public Task WriteAsync(TRequest message)
    {
        if (_isBroken)
        {
            return Task.FromException(_failure ?? new RpcException(new Status(StatusCode.Unavailable, "broken")));
        }

        byte[] bytes = SentMessage.Of(_method.RequestMarshaller, message);
        Look(bytes);
        _sent.Add(bytes);
        _toServer.Send(() => _served?.Arrive(bytes));
        return _world.Scheduler.Chance(0.1) ? SimTasks.Delay(_link.Latency()) : Task.CompletedTask;
    }

    private void Look(byte[] bytes)
    {
        try
        {
            _world.Nonces?.Look(bytes);
        }
        catch (SimViolationException violation)
        {
            _world.Violation ??= violation;
        }
    }

    /// <inheritdoc/>
    public Task CompleteAsync()
    {
        _toServer.Send(() => _served?.Finish());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        while (_arrived.Count == 0)
        {
            if (_failure is not null)
            {
                throw _failure;
            }

            if (_isOver)
            {
                return false;
            }

            _waiting = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            await _waiting.Task;
        }

        Current = _method.ResponseMarshaller.ContextualDeserializer(new ReceivedMessage(_arrived.Dequeue()));
        return true;
    }

    /// <summary>The client lets go of it.</summary>
    public void Dispose() => End(StatusCode.Cancelled, "disposed");

    private void Open()
    {
        if (_isBroken)
        {
            return;
        }

        if (_world.Server is not { } server || _link.IsDead)
        {
            End(StatusCode.Unavailable, "nobody listens");
            return;
        }

        _served = new ServedStream(server, Reply, ServerEnded);
    }

    private void Reply(byte[] message)
    {
        // In the pages of a load: what is around them is the transport's to protect.
        bool isFlipped = message.Length > HeadBytes + TailBytes
            && _world.Plan.FlipsBits && _world.FaultsAreOn && _world.Scheduler.Chance(0.05);
        byte[] bytes = isFlipped ? _world.Flip(message, HeadBytes, message.Length - TailBytes) : message;
        _toClient.Send(() =>
        {
            _arrived.Enqueue(bytes);
            Wake();
        });
    }

    private void ServerEnded(CallRefusal? refusal) => _toClient.Send(() =>
    {
        _failure ??= refusal is null ? null : new RpcException(new Status(refusal.Code, refusal.Message));
        _isOver = true;
        _isBroken = true;
        Wake();
    });

    // The path between them is gone.
    private void Break()
    {
        if (_isBroken)
        {
            return;
        }

        _toClient.Drop();
        ServedStream? served = _served;
        List<byte[]> tail = [.. _sent.TakeLast(MaxRepeated)];
        if (_world.Scheduler.Chance(0.5))
        {
            // What is under way arrives late, and only then does the server see that the stream is gone.
            _toServer.Send(() => served?.Abort());
        }
        else
        {
            _toServer.Drop();
            _world.Scheduler.At(_world.Scheduler.Between(0, 3000), () => served?.Abort());
        }

        if (_world.Scheduler.Chance(0.3) && tail.Count > 0)
        {
            _world.Scheduler.At(_world.Scheduler.Between(0, 8000), () => _world.Repeat(tail));
        }

        End(StatusCode.Unavailable, "the connection was reset");
    }

    private void Die()
    {
        _served?.Abort();
        _toServer.Drop();
        _toClient.Drop();
        End(StatusCode.Unavailable, "the server is gone");
    }

    private void End(StatusCode code, string words)
    {
        if (_isBroken)
        {
            return;
        }

        _isBroken = true;
        _failure ??= new RpcException(new Status(code, words));
        _link.Broken -= Break;
        _world.ServerDied -= Die;
        if (code == StatusCode.Cancelled)
        {
            ServedStream? served = _served;
            _toClient.Drop();
            _toServer.Send(() => served?.Abort());
        }

        Wake();
    }

    private void Wake()
    {
        TaskCompletionSource<bool>? waiting = _waiting;
        _waiting = null;
        waiting?.TrySetResult(true);
    }
}
