using RemoteSwap.Client;
using RemoteSwap.Codec;

namespace RemoteSwap.Telemetry.Tests.Live;

/// <summary>
/// Work without end that has every outcome which a dashboard shows: pages of all kinds that are stored, found, missed
/// and forgotten, more than memory and spill file have room for, refused by policy, handed to a client, and a device's
/// requests, a wrong one among them.
/// </summary>
internal sealed class LiveLoad : IAsyncDisposable
{
    /// <summary>The tenant of the device.</summary>
    public const string Device = "device";

    /// <summary>The tenant of the load generator.</summary>
    public const string Generator = "generator";

    private const string Full = "full";
    private const string Strict = "strict";
    private const string Keeper = "keeper";
    private const int Batch = 64;
    private const int FullSlots = 6_000;
    private const int Steps = FullSlots / Batch;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly RemoteSwapConnection[] _connections;
    private readonly PlainNbd _nbd;
    private readonly Task _work;

    private LiveLoad(ServerProcess server, DeviceProcess device, string evictions)
    {
        _connections =
        [
            .. new[] { Full, Strict, Keeper }.Select(tenant => RemoteSwapConnection.Open(
                new RemoteSwapClientOptions { Address = server.Address, Tenant = tenant })),
        ];
        _nbd = device.Connect();
        _work = Task.Run(() => WorkAsync(evictions));
    }

    /// <summary>The tenants, as settings of the server.</summary>
    public static IReadOnlyList<string> TenantSettings { get; } =
    [
        $"--Tenants:{Full}:Limit=6MiB", $"--Tenants:{Strict}:Limit=1MiB", $"--Tenants:{Strict}:Incompressible=Reject",
        $"--Tenants:{Keeper}:Limit=1MiB", $"--Tenants:{Device}:Limit=4MiB", $"--Tenants:{Generator}:Limit=4MiB",
    ];

    public static LiveLoad Start(ServerProcess server, DeviceProcess device, TempFolder folder) =>
        new(server, device, folder.File("evictions"));

    /// <summary>Fails if the work has ended by an error.</summary>
    public void RequireGoing()
    {
        if (_work.IsCompleted)
        {
            _work.GetAwaiter().GetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(_work);
        _nbd.Dispose();
        foreach (RemoteSwapConnection connection in _connections)
        {
            await connection.DisposeAsync();
        }

        _stop.Dispose();
    }

    private async Task WorkAsync(string evictions)
    {
        SwapArea full = _connections[0].Area(0);
        SwapArea strict = _connections[1].Area(0);
        EvictionTarget target = new(evictions, FullSlots * PageSize.Bytes);
        await using AttachedArea keeper =
            (await _connections[2].AttachAsync(0, new AttachOptions { EvictTo = target })).Area!;
        for (int step = 0; !_stop.IsCancellationRequested; step++)
        {
            ulong[] slots = SlotsFrom(step % Steps * Batch);
            await full.StoreAsync(slots, Pages(slots, PageKinds.Any));
            await LoadAsync(full, SlotsFrom((step + (Steps / 2)) % Steps * Batch));
            await LoadAsync(full, SlotsFrom(FullSlots));
            if (step % 4 == 0)
            {
                // Every other page of a run: frames are half empty after it.
                ulong[] third = SlotsFrom((step + (Steps / 3)) % Steps * Batch);
                await full.InvalidateAsync(third.Where(slot => slot % 2 == 0).ToArray());
            }

            ulong[] few = [.. slots.Take(8)];
            await strict.StoreAsync(few, Pages(few, PageKinds.Noise));
            await keeper.Pages.StoreAsync(slots, Pages(slots, PageKinds.Noise));
            await LoadAsync(keeper.Pages, slots);
            AskDevice(step);
            await Task.Delay(s_pause);
        }
    }

    private void AskDevice(int step)
    {
        int offset = step % 64 * PageSize.Bytes;
        byte[] page = PageKinds.Text(step);
        _nbd.WriteAt(offset, page);
        Assert.Equal(page, _nbd.ReadAt(offset, page.Length));
        Assert.NotEqual(0, _nbd.ErrorAt(_nbd.SizeBytes, PageSize.Bytes));
    }

    private static async Task LoadAsync(SwapArea area, ulong[] slots) =>
        await area.LoadAsync(slots, new byte[slots.Length * PageSize.Bytes]);

    private static ulong[] SlotsFrom(int first) =>
        [.. Enumerable.Range(first, Batch).Select(slot => (ulong)slot)];

    private static byte[] Pages(ulong[] slots, Func<int, byte[]> kind) =>
        [.. slots.SelectMany(slot => kind((int)slot))];
}
