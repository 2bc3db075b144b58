using System.Buffers.Binary;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using RemoteSwap.Client.Http2;
using RemoteSwap.Client.Security;
using RemoteSwap.Wire.Http2;
using Xunit;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>A server in the hands of a test, and the one call that a client makes to it.</summary>
internal sealed class DirectPeer : IDialer, IDisposable
{
    /// <summary>No test waits longer for what has to come.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private static readonly Marshaller<byte[]> s_bytes = Marshallers.Create(
        static (message, context) => context.Complete(message), static context => context.PayloadAsNewBuffer());

    private readonly CancellationTokenSource _cancel = new();

    /// <summary>Makes a call; nothing is dialled before it is read from.</summary>
    public DirectPeer(string address = "http://server.test:7070")
    {
        RemoteSwapClientOptions options = new() { Address = new Uri(address) };
        Ends = new SilentEnds(options);
        Call = new DirectCall<byte[], byte[]>(
            new DirectLine(options.Address, this, Token: null, Ends, Time), Method, _cancel.Token);
    }

    public static Method<byte[], byte[]> Method { get; } =
        new(MethodType.DuplexStreaming, "test.Service", "Call", s_bytes, s_bytes);

    public MemoryConnection Connection { get; } = new();

    public FakeTimeProvider Time { get; } = new();

    public SilentEnds Ends { get; }

    public DirectCall<byte[], byte[]> Call { get; }

    /// <summary>What dialling does instead; null: it succeeds.</summary>
    public Func<CancellationToken, ValueTask<Stream>>? Dial { get; set; }

    /// <summary>All frames that the client has sent, behind the preface.</summary>
    public IReadOnlyList<(FrameHeader Header, byte[] Payload)> Sent
    {
        get
        {
            byte[] all = [.. Connection.Writes.SelectMany(write => write)];
            List<(FrameHeader, byte[])> frames = [];
            for (int at = Http2Wire.Preface.Length; at < all.Length;)
            {
                FrameHeader header = FrameHeader.Read(all.AsSpan(at));
                at += FrameHeader.Bytes;
                frames.Add((header, all[at..(at + header.Length)]));
                at += header.Length;
            }

            return frames;
        }
    }

    /// <summary>The bytes of all DATA frames that the client has sent.</summary>
    public byte[] SentData =>
        [.. Sent.Where(frame => frame.Header.Type == FrameType.Data).SelectMany(frame => frame.Payload)];

    public ValueTask<Stream> DialAsync(CancellationToken ct) => Dial?.Invoke(ct) ?? new ValueTask<Stream>(Connection);

    /// <summary>A call whose response has begun, and whose first message has been read.</summary>
    public static async Task<DirectPeer> StartAsync(params (Http2Setting Setting, uint Value)[] settings)
    {
        DirectPeer peer = new();
        peer.Send(Frames.Settings(settings), Frames.Response());
        Task<bool> first = peer.NextAsync();

        // It waits, and so has acknowledged the settings.
        peer.Send(Frames.Data(Frames.Message("hello"u8)));
        Assert.True(await first);
        return peer;
    }

    /// <summary>Frames arrive in one piece.</summary>
    public void Send(params byte[][] frames) => Connection.Arrive(frames.SelectMany(frame => frame).ToArray());

    public Task<bool> NextAsync() => Call.MoveNextAsync().AsTask().WaitAsync(Bound);

    /// <summary>Reads to the end, which has to be a failure.</summary>
    public async Task<Status> FailureAsync()
    {
        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await NextAsync())
            {
                // Read on.
            }
        });
        Assert.Equal(failure.Status, Call.Status);
        return failure.Status;
    }

    /// <summary>Reads to the end, which has to be for a breach, and for this one.</summary>
    public async Task RequireBreachAsync(Http2Error error)
    {
        Status status = await FailureAsync();
        Assert.True(status.StatusCode == StatusCode.Unavailable, status.ToString());
        ProtocolBreach breach = Assert.IsType<ProtocolBreach>(status.DebugException);
        Assert.True(breach.Error == error, breach.ToString());
        (FrameHeader header, byte[] payload) = Sent[^1];
        Assert.Equal(FrameType.GoAway, header.Type);
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32BigEndian(payload));
        Assert.Equal(error, (Http2Error)BinaryPrimitives.ReadUInt32BigEndian(payload.AsSpan(4)));
        Assert.True(Connection.IsDisposed);
    }

    public Task CancelAsync() => _cancel.CancelAsync();

    /// <summary>Waits until something holds.</summary>
    public static async Task UntilAsync(Func<bool> holds)
    {
        using CancellationTokenSource bound = new(Bound);
        while (!holds())
        {
            await Task.Delay(1, bound.Token);
        }
    }

    public void Dispose()
    {
        Call.Dispose();
        Connection.Dispose();
        _cancel.Dispose();
    }
}
