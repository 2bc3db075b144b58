using System.Net.Sockets;
using RemoteSwap.Nbd.Tests.Support;

namespace RemoteSwap.Nbd.Tests.Protocol;

/// <summary>Counts what the whole process allocates, so nothing else may run.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    [Fact]
    public async Task A_request_allocates_nothing()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("nbd");
        string path = Path.Combine(folder.FullName, "s");
        await using NbdServer server = new(new NullDevice(), new NbdServerOptions());
        server.Listen(new UnixDomainSocketEndPoint(path));

        // Synchronous from the beginning: a socket that was awaited once allocates even when it is not.
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(server.LocalEndPoint);
        socket.Send(WireBytes.Join(WireBytes.U32(3), WireBytes.Option(7, WireBytes.Info(""))));
        const int GreetingAndReplies = 18 + 20 + 12 + 20;
        for (int received = 0; received < GreetingAndReplies;)
        {
            received += socket.Receive(new byte[GreetingAndReplies - received]);
        }

        byte[] write = WireBytes.Join(WireBytes.Request(Cmd.Write, 0, 4096), new byte[4096]);
        byte[] read = WireBytes.Request(Cmd.Read, 0, 4096);
        byte[] replies = new byte[16 + 16 + 4096];
        Exchange(5000);

        long before = GC.GetTotalAllocatedBytes(precise: true);
        Exchange(5000);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        // Sockets and the thread pool allocate a little now and then.
        Assert.InRange(allocated / 10_000, 0, 24);
        await server.DisposeAsync();
        folder.Delete();

        void Exchange(int count)
        {
            for (int i = 0; i < count; i++)
            {
                socket.Send(write);
                socket.Send(read);
                for (int received = 0; received < replies.Length;)
                {
                    received += socket.Receive(replies, received, replies.Length - received, SocketFlags.None);
                }
            }
        }
    }

    private sealed class NullDevice : INbdDevice
    {
        public long SizeBytes => 1 << 20;

        public bool IsWriteThrough => false;

        public ValueTask<NbdResult> ReadAsync(long offset, Memory<byte> buffer, CancellationToken ct) => default;

        public ValueTask<NbdResult> WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken ct) => default;

        public ValueTask<NbdResult> WriteZeroesAsync(
            long offset, long length, bool keepAllocated, CancellationToken ct) => default;

        public ValueTask<NbdResult> TrimAsync(long offset, long length, CancellationToken ct) => default;

        public ValueTask<NbdResult> FlushAsync(CancellationToken ct) => default;

        public ValueTask<NbdResult> CacheAsync(long offset, long length, CancellationToken ct) => default;

        public (NbdExtentKind Kind, long Length) ExtentAt(long offset, long length) => (NbdExtentKind.Data, length);
    }
}
