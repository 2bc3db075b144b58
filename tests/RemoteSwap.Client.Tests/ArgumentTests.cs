using RemoteSwap.Client.Tests.Fakes;
using Xunit;

namespace RemoteSwap.Client.Tests;

/// <summary>Misuse throws at once, names the value, and sends nothing.</summary>
public abstract class ArgumentTests(int streams)
{
    private delegate Task Call(RemoteSwapConnection connection);

    public static TheoryData<string> Misuses { get; } = new(All.Keys);

    private static Dictionary<string, (string Names, Call Call)> All => new(StringComparer.Ordinal)
    {
        ["short page"] = ("4095", async c => await c.Area(0).StoreAsync(1, new byte[4095])),
        ["long page"] = ("4097", async c => await c.Area(0).StoreAsync(1, new byte[4097])),
        ["no page"] = ("0 bytes", async c => await c.Area(0).StoreAsync(1, default)),
        ["pages short"] = ("12288", async c => await c.Area(0).StoreAsync(new ulong[3], new byte[8192])),
        ["pages without slots"] = ("4096", async c => await c.Area(0).StoreAsync(Array.Empty<ulong>(), new byte[4096])),
        ["513 at once"] =
            ("513", async c => await c.Area(0).StoreAsync(new ulong[513], new byte[513 << 12], StoreMode.AllOrNothing)),
        ["store mode"] = ("9", async c => await c.Area(0).StoreAsync(new ulong[1], new byte[4096], (StoreMode)9)),
        ["short room"] = ("4095", async c => await c.Area(0).LoadAsync(1, new byte[4095])),
        ["long room"] = ("8192", async c => await c.Area(0).LoadAsync(new ulong[1], new byte[8192])),
        ["load mode"] = ("9", async c => await c.Area(0).LoadAsync(new ulong[1], new byte[4096], (LoadMode)9)),
        ["empty range"] = ("count", async c => await c.Area(0).InvalidateRangeAsync(1, 0)),
        ["endless range"] = ("count", async c => await c.Area(0).InvalidateRangeAsync(2, ulong.MaxValue - 1)),
        ["no frames"] = ("targetFrames", async c => await c.ReclaimAsync(0)),
        ["too many frames"] = ("1048577", async c => await c.ReclaimAsync(1_048_577)),
        ["too many retries"] = ("1025", async c => await c.ReclaimAsync(1, 1025)),
        ["negative retries"] = ("-1", async c => await c.ReclaimAsync(1, -1)),
        ["ping pages"] = ("513", async c => await c.PingAsync(new PingShape(513, 0, 0, 0))),
        ["ping page bytes"] = ("4097", async c => await c.PingAsync(new PingShape(0, 4097, 0, 0))),
        ["ping reply pages"] = ("-1", async c => await c.PingAsync(new PingShape(0, 0, -1, 0))),
        ["ping reply bytes"] = ("5000", async c => await c.PingAsync(new PingShape(0, 0, 0, 5000))),
    };

    [Theory]
    [MemberData(nameof(Misuses))]
    public async Task MisuseNamesTheValueAndSendsNothing(string misuse)
    {
        await using FakeServer server = await FakeServer.StartAsync();
        await using RemoteSwapConnection connection = server.Connect(streams);
        (string names, Call call) = All[misuse];

        ArgumentException failure = await Assert.ThrowsAnyAsync<ArgumentException>(() => call(connection));

        Assert.Contains(names, failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Store.Requests);
    }
}
