using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Net.Client;
using RemoteSwap.Client.Exchange;
using RemoteSwap.Client.Http2;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Requests;
using RemoteSwap.Client.Sealing;
using RemoteSwap.Client.Sessions;
using RemoteSwap.Client.Telemetry;
using RemoteSwap.V1;

namespace RemoteSwap.Client;

/// <summary>
/// A connection of one tenant to one server. It opens on the first call, reconnects by itself, and may be used by any
/// number of threads; one for a process is enough.
/// <para>
/// <see cref="AttachAsync"/> makes it the owner of an area, and that is what a swap device wants. <see cref="Area"/>
/// uses an area that nobody owns: two connections that write to it at the same time overtake each other's generations,
/// and the slower one's stores are refused as stale.
/// </para>
/// </summary>
public sealed class RemoteSwapConnection : IAsyncDisposable
{
    private readonly RemoteSwapClientOptions _options;
    private readonly TimeProvider _time;
    private readonly IDisposable _channel;
    private readonly PageStoreCaller _caller;
    private readonly SessionSet _sessions;
    private readonly AreaAttacher _attacher;
    private readonly SealerSet _sealers;
    private readonly LaneSet? _lanes;
    private readonly IPageTransport _transport;
    private readonly RequestStashes _stashes;
    private readonly ConcurrentDictionary<uint, SwapArea> _areas = new();

    /// <summary>Connects over calls of any kind, for tests that have no transport.</summary>
    internal RemoteSwapConnection(
        CallInvoker invoker, IDisposable channel, RemoteSwapClientOptions options, TimeProvider time)
        : this(invoker, invoker, channel, options, time)
    {
    }

    private RemoteSwapConnection(
        CallInvoker invoker,
        CallInvoker streams,
        IDisposable channel,
        RemoteSwapClientOptions options,
        TimeProvider time)
    {
        ClientMeter meter = ClientMeter.Of(options);
        _options = options;
        _stashes = new RequestStashes(meter);
        _time = time;
        _channel = channel;
        _caller = new PageStoreCaller(invoker, options);
        _sessions = new SessionSet(options.Tenant);
        _sealers = new SealerSet(options);
        _attacher = new AreaAttacher(
            _sessions,
            _sealers,
            new SessionCaller(invoker, options),
            new EvictionService.EvictionServiceClient(invoker),
            options,
            time,
            CreateArea);
        _lanes = options.Streams > 0 ? new LaneSet(streams, options, time, _sessions, meter) : null;
        _transport = _lanes is null ? new UnaryTransport(invoker, options) : _lanes;
    }

    /// <summary>The tenant that this connection acts for.</summary>
    public string Tenant => _options.Tenant;

    /// <summary>The server's address, as given.</summary>
    public Uri Address => _options.Address;

    /// <summary>
    /// Opens a connection. Nothing is sent before the first call, so a missing server shows only then.
    /// </summary>
    /// <param name="options">How it behaves.</param>
    /// <param name="time">The clock that generations start from; the system's if left out.</param>
    /// <exception cref="ArgumentException">Options are wrong; the message names every one.</exception>
    public static RemoteSwapConnection Open(RemoteSwapClientOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        GrpcChannel channel = OpenChannel(options);
        return new RemoteSwapConnection(
            channel.CreateCallInvoker(),
            new DirectCallInvoker(DirectLine.To(options)),
            channel,
            options,
            time ?? TimeProvider.System);
    }

    /// <summary>
    /// Opens a channel to the same server, in the same way and with the same credentials, for services that this
    /// library does not wrap, as the admin service. The caller's to dispose of.
    /// </summary>
    /// <param name="options">How it behaves.</param>
    /// <exception cref="ArgumentException">Options are wrong; the message names every one.</exception>
    public static GrpcChannel OpenChannel(RemoteSwapClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return ChannelFactory.Open(options);
    }

    /// <summary>
    /// Becomes the owner of an area, or goes on being it. Whoever owned it before can do nothing to it any more from
    /// the moment in which this returns.
    /// </summary>
    /// <param name="area">The area's number, from 0.</param>
    /// <param name="options">How; null: only where nobody owns it.</param>
    /// <param name="ct">Ends the wait; the area may be owned nevertheless.</param>
    /// <returns>The area, or who has it.</returns>
    /// <exception cref="ArgumentException">Options are wrong.</exception>
    /// <exception cref="SealKeyException">Pages are sealed, and the area's keys can not be used.</exception>
    /// <exception cref="IOException">The eviction file can not be had.</exception>
    /// <exception cref="UnauthorizedAccessException">The eviction file may not be opened.</exception>
    /// <exception cref="InvalidOperationException">The connection has no streams, or waits longer for a server than
    /// that keeps the area.</exception>
    /// <exception cref="RemoteSwapException">The call failed; the area may be owned nevertheless.</exception>
    public ValueTask<AttachReply> AttachAsync(uint area, AttachOptions? options = null, CancellationToken ct = default)
    {
        options ??= new AttachOptions();
        options.Validate();
        return new ValueTask<AttachReply>(_attacher.AttachAsync(area, options, ct));
    }

    /// <summary>
    /// An area of the tenant (one swap device) that nobody owns; always the same instance for the same number.
    /// </summary>
    /// <param name="area">The area's number, from 0. The server bounds it; an unknown one fails on use.</param>
    /// <exception cref="SealKeyException">Pages are sealed, and the area's keys can not be used.</exception>
    public SwapArea Area(uint area) =>
        _areas.GetOrAdd(
            area,
            static (number, self) => self.CreateArea(
                new AreaName(self.Tenant, number, seal: self._sealers.Open(number)),
                new GenerationCounter(self._time)),
            this);

    /// <summary>
    /// Frees frames of the tenant by writing their pages to the server's writeback target. Never repeated by itself.
    /// </summary>
    /// <param name="targetFrames">How many frames (of 4,096 bytes of server memory) to free, 1 to 1,048,576.</param>
    /// <param name="retries">
    /// How many failures the server bears before it gives up, 0 to 1,024; 0 reclaims nothing.
    /// </param>
    /// <param name="ct">Ends the wait; frames may be freed nevertheless.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    /// <exception cref="RemoteSwapException">The call failed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public async ValueTask<ReclaimResult> ReclaimAsync(
        int targetFrames,
        int retries = 8,
        CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(targetFrames, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(targetFrames, WireLimits.MaxReclaimFrames);
        ArgumentOutOfRangeException.ThrowIfNegative(retries);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(retries, WireLimits.MaxReclaimRetries);

        CallSubject subject = new($"Reclaim of {targetFrames} frames", Tenant, Area: null, Slots: default);
        ReclaimRequest request = new() { Tenant = Tenant, TargetFrames = (uint)targetFrames, Retries = (uint)retries };
        ReclaimResponse reply = await _caller.ReclaimAsync(request, subject, ct).ConfigureAwait(false);

        ReclaimOutcome outcome = OutcomeTable.Of(reply.Outcome);
        if (outcome == ReclaimOutcome.None)
        {
            throw CallFailure.Protocol(subject, $"outcome {(int)reply.Outcome} is unknown");
        }

        if (reply.FramesFreed > int.MaxValue)
        {
            throw CallFailure.Protocol(subject, $"frames_freed is {reply.FramesFreed}");
        }

        return new ReclaimResult(outcome, (int)reply.FramesFreed, reply.PagesWrittenBack, reply.Detail);
    }

    /// <summary>Sends a message to the server and back that has the shape of a store or load and no effect.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="ArgumentOutOfRangeException">The shape is out of its ranges.</exception>
    /// <exception cref="RemoteSwapException">The call failed, or the reply has another shape.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public ValueTask PingAsync(PingShape shape, CancellationToken ct = default)
    {
        if (ct.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(ct);
        }

        ShapedPing request = _stashes.Pings.Rent();
        request.Begin(shape);
        PingMessage.Build(request.Message, shape);
        CallSubject subject = new("Ping", Tenant, Area: null, Slots: default);
        return _transport.SendAsync(request, subject, ct);
    }

    /// <summary>
    /// Closes the connection. Calls under way end with <see cref="RemoteSwapError.Cancelled"/>, but those that the
    /// server has got over a stream may still be answered, for up to a quarter of a second.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_lanes is not null)
        {
            await _lanes.DisposeAsync().ConfigureAwait(false);
        }

        _channel.Dispose();
        _sealers.Dispose();
    }

    private SwapArea CreateArea(AreaName name, GenerationCounter generations) =>
        new(name, generations, _transport, _lanes, _caller, _stashes, _time);
}
