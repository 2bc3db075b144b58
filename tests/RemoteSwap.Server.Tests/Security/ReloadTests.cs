using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using RemoteSwap.Server.Options;
using RemoteSwap.Server.Security;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Security;

/// <summary>Certificates, authorities and tokens change under a server that goes on.</summary>
public sealed class ReloadTests
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task AStreamGoesOnWhileTheServersCertificateIsReplaced()
    {
        await using SecureServer server = await SecureServer.StartAsync();
        using X509Certificate2 tenant = server.Authority.Client("remoteswap://tenant/" + TestServer.TenantA);
        List<string> seen = [];
        using AsyncDuplexStreamingCall<ExchangeRequest, ExchangeResponse> stream = Exchange(server.Open(tenant), null);
        await AssertAnswersAsync(stream, 1);

        server.WriteServerCertificate(server.Authority.Server("renewed"));
        await WaitAsync(async () =>
        {
            await new PageStoreService.PageStoreServiceClient(server.Open(tenant, shown => seen.Add(shown.Subject)))
                .PingAsync(new PingRequest());
            return seen[^1] == "CN=renewed";
        });

        Assert.Equal("CN=server", seen[0]);
        await AssertAnswersAsync(stream, 2);
    }

    [Fact]
    public async Task ATokenThatIsTakenAwayEndsItsStreamAndNoOther()
    {
        (string first, string second) = (Tokens.New(), Tokens.New());
        string kept = Tokens.Line($"tenant {TestServer.TenantB}", second);
        await using SecureServer server =
            await SecureServer.StartAsync(Tokens.Line($"tenant {TestServer.TenantA}", first) + kept);
        GrpcChannel channel = server.Open();
        using AsyncDuplexStreamingCall<ExchangeRequest, ExchangeResponse> gone = Exchange(channel, first);
        using AsyncDuplexStreamingCall<ExchangeRequest, ExchangeResponse> stays = Exchange(channel, second);
        await AssertAnswersAsync(gone, 1);
        await AssertAnswersAsync(stays, 1, TestServer.TenantB);

        server.WriteTokens(kept);

        RpcException end = await Assert.ThrowsAsync<RpcException>(() => ReadToEndAsync(gone));
        Assert.Equal(StatusCode.Unavailable, end.StatusCode);
        Assert.Contains("does not know any more; begin the stream again", end.Status.Detail);
        await AssertAnswersAsync(stays, 2, TestServer.TenantB);
        using AsyncDuplexStreamingCall<ExchangeRequest, ExchangeResponse> again = Exchange(channel, first);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => ReadToEndAsync(again));
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
    }

    [Fact]
    public async Task AStreamEndsWithItsTokensTime()
    {
        string token = Tokens.New();
        string until = DateTime.UtcNow.AddSeconds(3).ToString("yyyy-MM-ddTHH:mm:ss.fffZ");
        await using SecureServer server =
            await SecureServer.StartAsync(Tokens.Line($"tenant {TestServer.TenantA}", token, until));
        using AsyncDuplexStreamingCall<ExchangeRequest, ExchangeResponse> stream = Exchange(server.Open(), token);

        RpcException end = await Assert.ThrowsAsync<RpcException>(() => ReadToEndAsync(stream));
        Assert.Equal(StatusCode.Unavailable, end.StatusCode);
        Assert.Contains("ended at", end.Status.Detail);
    }

    [Fact]
    public async Task AnEvictionsStreamEndsToo()
    {
        string token = Tokens.New();
        await using SecureServer server =
            await SecureServer.StartAsync(Tokens.Line($"tenant {TestServer.TenantA}", token));
        GrpcChannel channel = server.Open();
        AttachResponse attached = await new AreaService.AreaServiceClient(channel).AttachAsync(
            new AttachRequest
            {
                Mode = AttachMode.Exclusive,
                Holder = "test",
                SessionToken = ByteString.CopyFrom([.. Enumerable.Range(1, 16).Select(value => (byte)value)]),
            },
            SecureServer.With(token));
        using AsyncDuplexStreamingCall<EvictionsRequest, EvictionsResponse> stream =
            new EvictionService.EvictionServiceClient(channel).Evictions(SecureServer.With(token));
        await stream.RequestStream.WriteAsync(
            new EvictionsRequest { Begin = new EvictionsBegin { AttachEpoch = attached.AttachEpoch } });
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        Assert.NotNull(stream.ResponseStream.Current.Welcome);
        server.WriteTokens("");

        RpcException end = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            using CancellationTokenSource late = new(s_longest);
            while (await stream.ResponseStream.MoveNext(late.Token))
            {
            }
        });
        Assert.Equal(StatusCode.Unavailable, end.StatusCode);
        Assert.True(end.Status.Detail.Contains("begin the stream again", StringComparison.Ordinal), end.ToString());
    }

    [Fact]
    public async Task ACertificateWhoseAuthorityIsTakenAwayCountsNoMore()
    {
        using Authority next = new("next");
        await using SecureServer server = await SecureServer.StartAsync();
        using X509Certificate2 old = server.Authority.Client("remoteswap://tenant/" + TestServer.TenantA);
        using X509Certificate2 renewed = next.Client("remoteswap://tenant/" + TestServer.TenantA);
        GrpcChannel channel = server.Open(old);
        using AsyncDuplexStreamingCall<ExchangeRequest, ExchangeResponse> stream = Exchange(channel, null);
        await AssertAnswersAsync(stream, 1);

        await File.WriteAllTextAsync(server.CaFile, server.Authority.Pem + "\n" + next.Pem);
        await WaitAsync(() => MayAsync(server.Open(renewed)));
        await AssertAnswersAsync(stream, 2);
        Assert.True(await MayAsync(channel));

        // A reader that comes late is told why too: the connection is closed after it, not under it.
        await File.WriteAllTextAsync(server.CaFile, next.Pem);
        await WaitAsync(async () => !await MayAsync(channel));
        await Task.Delay(s_pause);
        RpcException end = await Assert.ThrowsAsync<RpcException>(() => ReadToEndAsync(stream));
        Assert.Equal(StatusCode.Unavailable, end.StatusCode);
        Assert.Contains("begin the stream again", end.Status.Detail);
        Assert.True(await MayAsync(server.Open(renewed)));
    }

    [Fact]
    public async Task ABrokenFileChangesNothingAndIsSaidOnce()
    {
        string token = Tokens.New();
        await using SecureServer files = SecureServer.WithoutServer();
        files.WriteTokens(Tokens.Line("tenant vm7", token));
        CredentialStore store = new(
            new SecurityOptions
            {
                CertificateFile = files.CertificateFile,
                KeyFile = files.KeyFile,
                ClientCaFile = files.CaFile,
                TokenFile = files.TokenFile,
            },
            TimeProvider.System);
        SecurityState before = store.Current;
        Assert.Null(store.Look());

        string[] broken = ["tenant vm7 rst_secret", "admin"];
        foreach (string text in broken)
        {
            files.WriteTokens(text);
            Assert.Null(store.Look());
            Assert.Contains("line 1", store.Look()?.Problem);
            Assert.Null(store.Look());
            Assert.Same(before, store.Current);
        }

        File.Delete(files.TokenFile);
        Assert.Null(store.Look());
        Assert.Contains("cannot be read", store.Look()?.Problem);
        Assert.Same(before, store.Current);

        // A certificate without its key counts no more than a broken one, until the key has come too.
        files.WriteTokens("");
        string key = await File.ReadAllTextAsync(files.KeyFile);
        files.WriteServerCertificate(files.Authority.Server("renewed"));
        string newKey = await File.ReadAllTextAsync(files.KeyFile);
        await File.WriteAllTextAsync(files.KeyFile, key);
        Assert.Null(store.Look());
        Assert.Contains("cannot be used together", store.Look()?.Problem);
        Assert.NotNull(store.Current.Tokens.Find(token));

        await File.WriteAllTextAsync(files.KeyFile, newKey);
        Assert.Null(store.Look());
        CredentialReload? reload = store.Look();
        Assert.Null(reload!.Problem);
        Assert.Contains("Security:Key", reload.Files);
        Assert.Null(store.Current.Tokens.Find(token));
        Assert.Same(before.ClientRoots, store.Current.ClientRoots);
        Assert.Equal((1, 4), (store.Reloads, store.Failures));
    }

    private static AsyncDuplexStreamingCall<ExchangeRequest, ExchangeResponse> Exchange(
        GrpcChannel channel, string? token) =>
        new PageStoreService.PageStoreServiceClient(channel).Exchange(SecureServer.With(token));

    private static async Task AssertAnswersAsync(
        AsyncDuplexStreamingCall<ExchangeRequest, ExchangeResponse> stream,
        ulong id,
        string tenant = TestServer.TenantA)
    {
        using CancellationTokenSource late = new(s_longest);
        await stream.RequestStream.WriteAsync(
            new ExchangeRequest { RequestId = id, Load = Batch.Load([1], tenant) }, late.Token);
        do
        {
            Assert.True(await stream.ResponseStream.MoveNext(late.Token));
        }
        while (stream.ResponseStream.Current.Welcome is not null);

        Assert.Equal(id, stream.ResponseStream.Current.RequestId);
        Assert.NotNull(stream.ResponseStream.Current.Load);
    }

    private static async Task ReadToEndAsync(AsyncDuplexStreamingCall<ExchangeRequest, ExchangeResponse> stream)
    {
        using CancellationTokenSource late = new(s_longest);
        while (await stream.ResponseStream.MoveNext(late.Token))
        {
        }
    }

    private static async Task<bool> MayAsync(GrpcChannel channel)
    {
        try
        {
            await new PageStoreService.PageStoreServiceClient(channel).LoadAsync(Batch.Load([1]));
            return true;
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.Unauthenticated)
        {
            return false;
        }
    }

    private static async Task WaitAsync(Func<Task<bool>> isSo)
    {
        using CancellationTokenSource late = new(s_longest);
        while (!await isSo())
        {
            await Task.Delay(s_pause, late.Token);
        }
    }
}
