using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace RemoteSwap.Nbd.Tests.Support;

/// <summary>A server over a disk in memory, on a Unix socket of its own in a folder of its own.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const int SizeBytes = 16 << 20;

    private static readonly TimeSpan s_liveness = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nbd");
    private readonly ConcurrentQueue<string> _log = new();

    public TestServer(NbdServerOptions? options = null, long sizeBytes = SizeBytes, bool isTcp = false)
    {
        Options = options ?? new NbdServerOptions();
        Device = new MemoryDevice(sizeBytes);
        Server = new NbdServer(Device, Options, _log.Enqueue);
        Server.Listen(isTcp
            ? new IPEndPoint(IPAddress.Loopback, 0)
            : new UnixDomainSocketEndPoint(Path.Combine(_folder.FullName, "s")));
    }

    public MemoryDevice Device { get; }

    public NbdServerOptions Options { get; }

    public NbdServer Server { get; }

    /// <summary>The device throws, so the log may have the traces of it.</summary>
    public bool MayThrow { get; init; }

    public string Folder => _folder.FullName;

    public string Log => string.Join('\n', _log);

    public string Uri => NbdUri.Of(Server.LocalEndPoint, Options.ExportName, Options.RequireTls);

    /// <summary>A connection on which nothing was said yet.</summary>
    public Task<WireClient> ConnectAsync() => WireClient.ConnectAsync(Server.LocalEndPoint);

    /// <summary>A connection in transmission.</summary>
    public async Task<WireClient> GoAsync(bool isStructured = false, bool hasContext = false)
    {
        WireClient client = await ConnectAsync();
        await client.GreetAsync();
        if (isStructured)
        {
            await client.AckAsync(8, []);
        }

        if (hasContext)
        {
            await client.SendOptionAsync(10, WireBytes.Contexts(Options.ExportName, "base:allocation"));
            Assert.Equal(Rep.MetaContext, (await client.OptionReplyAsync()).Type);
            Assert.Equal(Rep.Ack, (await client.OptionReplyAsync()).Type);
        }

        await client.GoAsync(Options.ExportName);
        return client;
    }

    /// <summary>Shows that the server serves.</summary>
    public async Task AssertHealthyAsync()
    {
        await using WireClient client = await GoAsync();
        await client.SendAsync(Cmd.Read, 0, 512, cookie: 77);
        Reply reply = await client.SimpleReplyAsync(512);
        Assert.Equal(0u, reply.Error);
        Assert.Equal(77ul, reply.Cookie);
    }

    /// <summary>Waits until something is so.</summary>
    public static async Task EventuallyAsync(Func<bool> isSo, string what)
    {
        using CancellationTokenSource bound = new(s_liveness);
        while (!isSo())
        {
            Assert.False(bound.IsCancellationRequested, $"not within {s_liveness}: {what}");
            await Task.Delay(2);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Delete(recursive: true);
        Assert.True(MayThrow || !Log.Contains("   at ", StringComparison.Ordinal), Log);
    }
}
