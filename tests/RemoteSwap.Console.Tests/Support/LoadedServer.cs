using System.Text.Json;
using RemoteSwap.Client;
using RemoteSwap.Codec;
using RemoteSwap.Server;

namespace RemoteSwap.Console.Tests.Support;

/// <summary>
/// A real server with a spill file and tenants, and pages of every kind in it. It changes nothing by itself: no
/// scrubber and no compaction, so that two looks at it agree while no call is made.
/// </summary>
internal sealed class LoadedServer : IAsyncDisposable
{
    /// <summary>A tenant with room.</summary>
    public const string Wide = "vm-wide";

    /// <summary>Another one, with a name that has to be written as text.</summary>
    public const string Other = "vm-other";

    /// <summary>A tenant whose limit is hit soon; it has no reclaim.</summary>
    public const string Tight = "vm-tight";

    /// <summary>Pages in one call.</summary>
    public const int Batch = 64;

    private readonly string _folder;
    private readonly PageServer _server;
    private readonly Dictionary<string, RemoteSwapConnection> _connections = new(StringComparer.Ordinal);

    private LoadedServer(string folder, PageServer server)
    {
        _folder = folder;
        _server = server;
        Http = new HttpClient { BaseAddress = server.ManagementAddress, Timeout = TimeSpan.FromSeconds(60) };
    }

    public HttpClient Http { get; }

    public PageServer Server => _server;

    public Uri Console => new(_server.ManagementAddress!, "/console");

    /// <summary>Starts a server.</summary>
    /// <param name="spills">Whether it has a spill file; without one a tenant at its limit is refused.</param>
    public static async Task<LoadedServer> StartAsync(bool spills = true)
    {
        string folder = Directory.CreateTempSubdirectory("remoteswap-console-").FullName;
        return new LoadedServer(folder, await PageServer.StartAsync(
        [
            "--listen=127.0.0.1:0", "--management=127.0.0.1:0", "--limit=64MiB", "--Store:FloorPercent=100",
            "--Store:ScrubRate=0", "--Store:CompactAbovePercent=0",
            $"--Tenants:{Wide}:Limit=48MiB", $"--Tenants:{Wide}:Guarantee=8MiB", $"--Tenants:{Other}:Limit=32MiB",
            $"--Tenants:{Tight}:Limit=1MiB",
            .. spills ? [$"--spill={Path.Combine(folder, "spill")}", "--spill-limit=16MiB"] : (string[])[],
        ]));
    }

    /// <summary>The area of a tenant that tests use.</summary>
    public SwapArea Area(string tenant)
    {
        if (!_connections.TryGetValue(tenant, out RemoteSwapConnection? connection))
        {
            connection = RemoteSwapConnection.Open(
                new RemoteSwapClientOptions { Address = _server.GrpcAddress, Tenant = tenant, Streams = 1 });
            _connections.Add(tenant, connection);
        }

        return connection.Area(0);
    }

    /// <summary>Stores pages of every kind, one batch after the other.</summary>
    /// <returns>How many were refused.</returns>
    public async Task<int> StoreAsync(string tenant, int pages, ulong first = 0, Func<int, byte[]>? make = null)
    {
        SwapArea area = Area(tenant);
        int refused = 0;
        for (int done = 0; done < pages; done += Batch)
        {
            int now = Math.Min(Batch, pages - done);
            ulong[] slots = [.. Enumerable.Range(0, now).Select(page => first + (ulong)(done + page))];
            byte[] bytes = [.. slots.SelectMany(slot => (make ?? PageKinds.Any)((int)slot))];
            StoreOutcome[] outcomes = await area.StoreAsync(slots, bytes);
            refused += outcomes.Count(outcome => outcome is not (StoreOutcome.Stored or StoreOutcome.SameFilled));
        }

        return refused;
    }

    /// <summary>Loads pages.</summary>
    public async Task LoadAsync(string tenant, int pages, ulong first = 0)
    {
        byte[] room = new byte[Batch * PageSize.Bytes];
        for (int done = 0; done < pages; done += Batch)
        {
            int now = Math.Min(Batch, pages - done);
            ulong[] slots = [.. Enumerable.Range(0, now).Select(page => first + (ulong)(done + page))];
            await Area(tenant).LoadAsync(slots, room.AsMemory(0, now * PageSize.Bytes));
        }
    }

    /// <summary>A document of the management port.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using JsonDocument document = JsonDocument.Parse(
            await Http.GetStringAsync(new Uri(path, UriKind.Relative)));
        return document.RootElement.Clone();
    }

    /// <summary>A tenant in the figures.</summary>
    public static JsonElement TenantOf(JsonElement figures, string tenant) =>
        figures.GetProperty("tenants").EnumerateArray().Single(one => one.GetProperty("tenant").GetString() == tenant);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        foreach (RemoteSwapConnection connection in _connections.Values)
        {
            await connection.DisposeAsync();
        }

        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
