using System.Globalization;
using RemoteSwap.Client;
using RemoteSwap.EndToEnd.Tests.Failures;

namespace RemoteSwap.EndToEnd.Tests.Hostile;

/// <summary>
/// A server process with a well-behaved client at work, beside whoever attacks: what the server's memory grew by at its
/// most, and whether the client was served with the right bytes all the while.
/// </summary>
internal sealed class HostileRig : IAsyncDisposable
{
    private const int Slots = 64;
    private const int WarmRounds = 50;

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_attackDeadline = TimeSpan.FromSeconds(150);

    private readonly RemoteSwapConnection _connection;
    private readonly AttachedArea _area;
    private int _version;

    private HostileRig(ServerProcess server, RemoteSwapConnection connection, AttachedArea area)
    {
        Server = server;
        _connection = connection;
        _area = area;
    }

    public ServerProcess Server { get; }

    public static async Task<HostileRig> StartAsync(params string[] args)
    {
        ServerProcess server = await ServerProcess.StartAsync(["--limit=64MiB", .. args]);
        RemoteSwapConnection connection = RemoteSwapConnection.Open(
            new RemoteSwapClientOptions { Address = server.Address, CallDeadline = s_deadline });
        AttachedArea area = await SlotPages.AttachAsync(connection);
        return new HostileRig(server, connection, area);
    }

    /// <summary>Attacks, and serves the client meanwhile and afterwards.</summary>
    /// <param name="attack">The attack; ends by itself, and throws where the server did not defend itself.</param>
    /// <returns>Bytes by which the server's resident memory grew at its most.</returns>
    public async Task<long> EndureAsync(Func<Uri, CancellationToken, Task> attack)
    {
        for (int round = 0; round < WarmRounds; round++)
        {
            await RoundAsync();
        }

        long before = await MostResidentBytesAsync();
        using CancellationTokenSource bound = new(s_attackDeadline);
        Task attacking = attack(Server.Address, bound.Token);
        while (!attacking.IsCompleted)
        {
            await RoundAsync();
        }

        await attacking;
        await RoundAsync();
        return await MostResidentBytesAsync() - before;
    }

    public async ValueTask DisposeAsync()
    {
        await _area.DisposeAsync();
        await _connection.DisposeAsync();
        await Server.DisposeAsync();
    }

    // A new version of every page, and all of them back.
    private async Task RoundAsync()
    {
        int version = ++_version % 100;
        Assert.All(
            await SlotPages.StoreAsync(_area.Pages, Slots, version),
            outcome => Assert.Equal(StoreOutcome.Stored, outcome));
        (LoadOutcome[] outcomes, byte[] pages) = await SlotPages.LoadAsync(_area.Pages, Slots);
        Assert.All(outcomes, outcome => Assert.Equal(LoadOutcome.Loaded, outcome));
        for (int slot = 0; slot < Slots; slot++)
        {
            Assert.Equal(SlotPages.Of((ulong)slot, version), SlotPages.Page(pages, slot));
        }
    }

    // VmHWM: the most that was resident at any time, also between two looks.
    private async Task<long> MostResidentBytesAsync()
    {
        string[] lines = await File.ReadAllLinesAsync($"/proc/{Server.Id}/status");
        string[] words = Array.Find(lines, line => line.StartsWith("VmHWM:", StringComparison.Ordinal))!
            .Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(words[1], CultureInfo.InvariantCulture) << 10;
    }
}
