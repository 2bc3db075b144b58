using System.Buffers;
using Grpc.Core;
using RemoteSwap.Client.Http2;
using RemoteSwap.Client.Security;
using Xunit;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>A message costs no allocation, in or out, once the buffers have grown.</summary>
public sealed class DirectAllocationTests
{
    private const int Messages = 1000;
    private const int MostBytesEach = 8;

    private static readonly byte[] s_message = new byte[9000];

    private static readonly Method<object, object> s_method = new(
        MethodType.DuplexStreaming,
        "test.Service",
        "Call",
        Marshallers.Create<object>(
            static (_, context) =>
            {
                context.SetPayloadLength(s_message.Length);
                context.GetBufferWriter().Write(s_message);
                context.Complete();
            },
            static _ => throw new NotSupportedException()),
        Marshallers.Create<object>(
            static (_, _) => throw new NotSupportedException(),
            static context =>
                context.PayloadAsReadOnlySequence().Length == 9000 ? s_message : throw new IOException()));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_message_in_allocates_nothing(bool isWhole)
    {
        byte[] message = Frames.Message(s_message);
        using LoopConnection connection = Connection(
            isWhole ? Frames.Data(message) : Frames.DataInFrames(message, 4000));
        using DirectCall<object, object> call = Call(connection);
        RequireNone(() => Read(call));
    }

    [Fact]
    public void A_message_out_allocates_nothing()
    {
        using LoopConnection connection = Connection(
        [
            .. Frames.Window(0, 9014), .. Frames.Window(1, 9014), .. Frames.Data(Frames.Message(s_message)),
        ]);
        using DirectCall<object, object> call = Call(connection);
        Read(call);

        // What it takes of the windows it is given with the message that it reads.
        RequireNone(() =>
        {
            Write(call, more: true);
            Write(call, more: false);
            Read(call);
            Read(call);
        });
        Assert.InRange(connection.Written, 2L * Messages * s_message.Length, long.MaxValue);
    }

    private static LoopConnection Connection(byte[] again) =>
        new([.. Frames.Settings(), .. Frames.Response()], again);

    private static DirectCall<object, object> Call(LoopConnection connection)
    {
        RemoteSwapClientOptions options = new() { Address = new Uri("http://server.test:1") };
        DirectLine line = new(
            options.Address, new Dialer(connection), Token: null, new SilentEnds(options), TimeProvider.System);
        return new DirectCall<object, object>(line, s_method, CancellationToken.None);
    }

#pragma warning disable CA2012 // They have ended, and a task would be an allocation.
    private static void Read(DirectCall<object, object> call)
    {
        ValueTask<bool> read = call.MoveNextAsync();
        Assert.True(read.IsCompletedSuccessfully);
        Assert.True(read.Result);
    }

    private static void Write(DirectCall<object, object> call, bool more)
    {
        ValueTask write = call.WriteAsync(s_message, more);
        Assert.True(write.IsCompletedSuccessfully);
        write.GetAwaiter().GetResult();
    }
#pragma warning restore CA2012

    private static void RequireNone(Action once)
    {
        for (int i = 0; i < Messages; i++)
        {
            once();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Messages; i++)
        {
            once();
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytesEach * Messages);
    }

    private sealed class Dialer(Stream connection) : IDialer
    {
        public ValueTask<Stream> DialAsync(CancellationToken ct) => new(connection);
    }
}
