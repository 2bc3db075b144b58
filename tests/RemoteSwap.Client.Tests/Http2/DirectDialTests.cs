using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using RemoteSwap.Client.Http2;
using Xunit;

namespace RemoteSwap.Client.Tests.Http2;

/// <summary>Over sockets: a server that serves, one that is not there, and one that does not answer.</summary>
public sealed class DirectDialTests
{
    [Fact]
    public async Task A_server_that_serves()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using DirectCall<byte[], byte[]> call = Call($"http://127.0.0.1:{port}", TimeSpan.FromSeconds(30));
        Task<bool> reading = call.MoveNextAsync().AsTask();
        using Socket server = await listener.AcceptSocketAsync();
        await server.SendAsync((byte[])
        [
            .. Frames.Settings(), .. Frames.Response(), .. Frames.Data(Frames.Message("hello"u8)),
        ]);

        Assert.True(await reading.WaitAsync(DirectPeer.Bound));
        Assert.Equal("hello"u8.ToArray(), call.Current);

        // It is closed with what it did not read, so that the client meets a reset or an end.
        server.Close();
        await RequireUnavailableAsync(call.MoveNextAsync().AsTask());
    }

    [Fact]
    public async Task A_server_over_a_socket_file()
    {
        string path = Path.Combine(Path.GetTempPath(), $"direct-{Guid.NewGuid():n}.sock");
        try
        {
            using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen();
            using DirectCall<byte[], byte[]> call = Call($"unix://{path}", TimeSpan.FromSeconds(30));
            Task<bool> reading = call.MoveNextAsync().AsTask();
            using Socket server = await listener.AcceptAsync();
            await server.SendAsync((byte[])
            [
                .. Frames.Settings(), .. Frames.Response(), .. Frames.Data([0, 0, 0, 0, 0]),
            ]);

            Assert.True(await reading.WaitAsync(DirectPeer.Bound));
            Assert.Empty(call.Current);
        }
        finally
        {
            File.Delete(path);
        }
    }

    // Disposal closes a socket under a write that it does not take.
    [Fact]
    public async Task A_blocked_write_to_a_socket_ends_with_the_call()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        DirectCall<byte[], byte[]> call = Call($"http://127.0.0.1:{port}", TimeSpan.FromSeconds(30));
        Task<bool> reading = call.MoveNextAsync().AsTask();
        using Socket server = await listener.AcceptSocketAsync();
        await server.SendAsync((byte[])
        [
            .. Frames.Settings((RemoteSwap.Wire.Http2.Http2Setting.InitialWindowSize, int.MaxValue)),
            .. Frames.Window(0, 1 << 30),
            .. Frames.Response(),
            .. Frames.Data(Frames.Message([])),
        ]);
        Assert.True(await reading.WaitAsync(DirectPeer.Bound));

        Task write = call.WriteAsync(new byte[100 << 20], more: false).AsTask();
        await Task.Delay(100);
        Assert.False(write.IsCompleted);
        call.Dispose();

        Exception? failure = await Record.ExceptionAsync(() => write.WaitAsync(DirectPeer.Bound));
        Assert.True(failure is InvalidOperationException or IOException, failure?.ToString() ?? "no failure");
    }

    [Fact]
    public async Task A_server_that_is_not_there()
    {
        int port;
        using (TcpListener listener = new(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        using DirectCall<byte[], byte[]> tcp = Call($"http://127.0.0.1:{port}", TimeSpan.FromSeconds(30));
        await RequireUnavailableAsync(tcp.MoveNextAsync().AsTask());
        using DirectCall<byte[], byte[]> unix = Call("unix:///nowhere/at/all.sock", TimeSpan.FromSeconds(30));
        await RequireUnavailableAsync(unix.MoveNextAsync().AsTask());
    }

    // Its list of those who wait is full, so that connecting does not end.
    [Fact]
    public async Task A_server_that_does_not_answer_in_time()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        EndPoint at = listener.LocalEndPoint!;
        List<Socket> waiting = [];
        try
        {
            for (int i = 0; i < 4; i++)
            {
                waiting.Add(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
                _ = waiting[^1].ConnectAsync(at);
            }

            await Task.Delay(50);
            using DirectCall<byte[], byte[]> call = Call($"http://{at}", TimeSpan.FromMilliseconds(200));

            Status status = await RequireUnavailableAsync(call.MoveNextAsync().AsTask());
            Assert.Contains("within 00:00:00.2", status.Detail, StringComparison.Ordinal);
        }
        finally
        {
            waiting.ForEach(socket => socket.Dispose());
        }
    }

    private static DirectCall<byte[], byte[]> Call(string address, TimeSpan connectTimeout) => new(
        DirectLine.To(new RemoteSwapClientOptions { Address = new Uri(address), ConnectTimeout = connectTimeout }),
        DirectPeer.Method,
        CancellationToken.None);

    private static async Task<Status> RequireUnavailableAsync(Task reading)
    {
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => reading.WaitAsync(DirectPeer.Bound));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.IsType<IOException>(failure.Status.DebugException);
        return failure.Status;
    }
}
