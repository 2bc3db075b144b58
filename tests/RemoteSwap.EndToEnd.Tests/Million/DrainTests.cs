using System.Globalization;
using Grpc.Net.Client;
using RemoteSwap.V1;

namespace RemoteSwap.EndToEnd.Tests.Million;

/// <summary>
/// Many pages are drained and brought back by another process, each of them compared bit for bit. By default a hundred
/// thousand, with REMOTESWAP_DRAIN_PAGES as many as one likes; a million for the figures in BENCHMARKS.md.
/// </summary>
public sealed class DrainTests(ITestOutputHelper output) : IDisposable
{
    private const string PagesVariable = "REMOTESWAP_DRAIN_PAGES";
    private const int DefaultPages = 100_000;
    private const int ParallelCalls = 4;

    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("remoteswap-state-");
    private readonly PageMix _mix = new();

    [Fact]
    public async Task ManyPagesAreAllThereAfterADrainAndAStart()
    {
        int pages = Environment.GetEnvironmentVariable(PagesVariable) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : DefaultPages;
        string[] args = ["--limit=4GiB", "--Tenants:default:Areas=1", $"--state={_state.FullName}"];
        string incarnation;
        await using (ServerProcess server = await ServerProcess.StartAsync(args))
        {
            using GrpcChannel channel = server.OpenChannel();
            PageStoreService.PageStoreServiceClient client = new(channel);
            await EachBatchAsync(pages, async (first, count) =>
            {
                StoreResponse stored = await client.StoreAsync(_mix.Store(first, count));
                Assert.DoesNotContain(
                    stored.Outcomes, outcome => outcome is not (StoreOutcome.Stored or StoreOutcome.SameFilled));
            });
            incarnation = await IncarnationAsync(channel);
            await new AdminService.AdminServiceClient(channel).DrainAsync(new DrainRequest());
            int exitCode = await server.WaitForExitAsync();
            Assert.True(exitCode == 0, server.Errors);
            Say(server, "drained");
        }

        await using ServerProcess next = await ServerProcess.StartAsync(args);
        Say(next, "brought back");
        using GrpcChannel again = next.OpenChannel();
        PageStoreService.PageStoreServiceClient loader = new(again);
        await EachBatchAsync(pages, async (first, count) =>
            Assert.True(_mix.IsWhole(await loader.LoadAsync(PageMix.Load(first, count)), first, count)));
        Assert.Equal(incarnation, await IncarnationAsync(again));
        CheckInvariantsResponse audit =
            await new AdminService.AdminServiceClient(again).CheckInvariantsAsync(new CheckInvariantsRequest());
        Assert.Empty(audit.Violations);
        Assert.True(audit.Entries == (ulong)pages, $"{audit.Entries} entries");
    }

    public void Dispose() => _state.Delete(recursive: true);

    private static async Task<string> IncarnationAsync(GrpcChannel channel)
    {
        KeepAliveResponse answer = await new AreaService.AreaServiceClient(channel).KeepAliveAsync(
            new KeepAliveRequest { Tenant = "default", AttachEpoch = 1 });
        return answer.Incarnation.ToString(CultureInfo.InvariantCulture);
    }

    private static Task EachBatchAsync(int pages, Func<ulong, int, Task> work) => Parallel.ForEachAsync(
        Enumerable.Range(0, (pages + PageMix.BatchPages - 1) / PageMix.BatchPages),
        new ParallelOptions { MaxDegreeOfParallelism = ParallelCalls },
        async (batch, _) =>
        {
            int first = batch * PageMix.BatchPages;
            await work((ulong)first, Math.Min(PageMix.BatchPages, pages - first));
        });

    private void Say(ServerProcess server, string word)
    {
        string line = server.Errors.Split('\n').Single(line => line.Contains(word, StringComparison.Ordinal));
        output.WriteLine(line);
        TestContext.Current.SendDiagnosticMessage("{0}", line);
    }
}
