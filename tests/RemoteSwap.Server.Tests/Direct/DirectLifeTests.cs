using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using RemoteSwap.Server.Tests.Security;
using RemoteSwap.V1;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Tests.Direct;

/// <summary>How direct connections begin, what they owe by a time, who may open them, and how they end.</summary>
public sealed class DirectLifeTests
{
    [Fact]
    public async Task OpeningMayComeInAnyTwoPieces()
    {
        await using TestServer server = await TestServer.StartAsync();
        byte[] opening = RawClient.Opening((Http2Setting.InitialWindowSize, 1 << 20));
        await Parallel.ForEachAsync(Enumerable.Range(1, opening.Length - 1), async (cut, _) =>
        {
            await using RawClient client = await RawClient.ConnectAsync(server.Server.GrpcAddress);
            await client.WriteAsync(opening[..cut]);
            await Task.Delay(60, CancellationToken.None);
            await client.WriteAsync(opening[cut..]);
            await AssertDirectAsync(client);
        });
    }

    public static TheoryData<string, byte[]> Ordinary => new()
    {
        { "no settings", [.. Http2Wire.Preface, .. Settings()] },
        { "other settings", [.. Http2Wire.Preface, .. Settings((Http2Setting.EnablePush, 0))] },
        { "no promise", [.. Http2Wire.Preface, .. Settings((Http2Setting.SingleStream, 0))] },
        { "many settings", [.. Http2Wire.Preface, .. Settings(
            [.. Enumerable.Repeat((Http2Setting.SingleStream, 1U), 33)])] },
    };

    [Theory]
    [MemberData(nameof(Ordinary))]
    public async Task OthersAreTheWebServers(string what, byte[] opening)
    {
        await using TestServer server = await TestServer.StartAsync();
        foreach (int cut in (int[])[0, 3, 24, 30])
        {
            await using RawClient client = await RawClient.ConnectAsync(server.Server.GrpcAddress);
            await client.WriteAsync(opening[..cut]);
            await Task.Delay(cut == 0 ? 0 : 50);
            await client.WriteAsync(opening[cut..]);
            await client.SendHeadAsync(RawHead.Call());
            await client.SendDataAsync([], isLast: true);
            await client.ReadToEndAsync();
            Assert.True(client.Status == "0" && !IsDirect(client), $"{what}, {cut}");
        }
    }

    [Fact]
    public async Task WhatIsNoHttp2IsTheWebServersToRefuse()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RawClient client = await RawClient.ConnectAsync(server.Server.GrpcAddress);
        await client.WriteAsync([.. "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8]);
        Assert.StartsWith("HTTP/1.1 400", await client.ReadTextAsync());
    }

    // The web server waits on for the rest, or ends it; both in its own way.
    [Fact]
    public async Task SlowOpeningIsGivenToTheWebServer()
    {
        await using TestServer server = await TestServer.StartAsync("--Transport:HeadersTimeout=1s");
        byte[] opening = RawClient.Opening();
        await using RawClient client = await RawClient.ConnectAsync(server.Server.GrpcAddress);
        await client.WriteAsync(opening[..28]);
        await Task.Delay(2500);
        await client.WriteAsync(opening[28..]);
        await client.SendHeadAsync(RawHead.Call());
        await client.SendDataAsync([], isLast: true);
        await client.ReadToEndAsync();
        Assert.Equal("0", client.Status);
        Assert.False(IsDirect(client));
    }

    [Fact]
    public async Task HeadHasToComeInTime()
    {
        await using TestServer server = await TestServer.StartAsync("--Transport:HeadersTimeout=1s");
        await using RawClient late = await RawClient.OpenAsync(server);
        await using RawClient inTime = await RawClient.CallAsync(server);
        await late.ReadUntilAsync(frame => frame.Type == FrameType.GoAway);
        Assert.Equal(Http2Error.Protocol, late.GoAwayCode);
        Assert.Null(await late.ReadAsync());
        await AssertServesAsync(inTime);
    }

    [Fact]
    public async Task SilentClientIsAskedAndClosedIfItGivesNoSign()
    {
        await using TestServer server = await TestServer.StartAsync(
            "--Transport:PingDelay=1s", "--Transport:PingTimeout=2s");
        await using RawClient client = await RawClient.CallAsync(server);
        for (int round = 0; round < 2; round++)
        {
            RawFrame? asked = await client.ReadUntilAsync(frame => frame.Type == FrameType.Ping);
            Assert.False(asked!.IsAnswer);
            await client.SendAsync(FrameType.Ping, FrameFlags.EndStream, 0, asked.Payload);
        }

        await AssertServesAsync(client);
        await client.ReadUntilAsync(frame => frame.Type == FrameType.Ping);
        Assert.Null(await client.ReadUntilAsync(_ => false));
    }

    [Fact]
    public async Task ServerThatStopsSaysSo()
    {
        TestServer server = await TestServer.StartAsync();
        await using RawClient client = await RawClient.CallAsync(server);
        await using RawClient idle = await RawClient.OpenAsync(server);
        await AssertServesAsync(client);
        Task stopped = server.DisposeAsync().AsTask();

        await client.ReadUntilAsync(_ => client.IsEnded);
        Assert.Equal($"{(int)StatusCode.Unavailable}", client.Status);
        await client.ReadUntilAsync(_ => client.GoAwayCode is not null);
        Assert.Equal(Http2Error.None, client.GoAwayCode);
        RawFrame? last = await idle.ReadUntilAsync(frame => frame.Type == FrameType.GoAway);
        Assert.Equal((0, Http2Error.None), (last!.Number, last.Code));
        await stopped;
    }

    [Fact]
    public async Task ClientThatLeavesMayFinish()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RawClient client = await RawClient.CallAsync(server);
        await client.SendAsync(FrameType.GoAway, FrameFlags.None, 0, new byte[8]);
        await AssertServesAsync(client);
        await client.SendDataAsync([], isLast: true);
        await client.ReadToEndAsync();
        Assert.Equal("0", client.Status);
    }

    [Fact]
    public async Task TlsAndTokensAreAsForOthers()
    {
        string token = Tokens.New();
        await using SecureServer server = await SecureServer.StartAsync(
            Tokens.Line($"tenant {TestServer.TenantA}", token));
        await using RawClient named = await ConnectAsync(server);
        await named.SendHeadAsync([.. RawHead.Call(scheme: "https"), ("authorization", $"Bearer {token}")]);
        await AssertServesAsync(named);

        foreach (string? refused in (string?[])[null, Tokens.New()])
        {
            await using RawClient client = await ConnectAsync(server);
            (string, string)[] more = refused is null ? [] : [("authorization", $"Bearer {refused}")];
            await client.SendHeadAsync([.. RawHead.Call(scheme: "https"), .. more]);
            await client.ReadUntilAsync(_ => client.IsEnded);

            PageStoreService.PageStoreServiceClient ordinary = new(server.Open());
            using AsyncDuplexStreamingCall<ExchangeRequest, ExchangeResponse> call =
                ordinary.Exchange(SecureServer.With(refused));
            RpcException failure =
                await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));

            Assert.Equal(StatusCode.Unauthenticated, failure.StatusCode);
            Assert.Equal($"{(int)failure.StatusCode}", client.Head?["grpc-status"]);
            Assert.Equal(failure.Status.Detail, client.Head?["grpc-message"]);
            Assert.Null(client.Trailers);
        }
    }

    // A stream is told that its token is over, by somebody else's thread and while nothing comes from its client.
    [Fact]
    public async Task CredentialThatEndsEndsItsStream()
    {
        string token = Tokens.New();
        await using SecureServer server = await SecureServer.StartAsync(
            Tokens.Line($"tenant {TestServer.TenantA}", token));
        await using RawClient client = await ConnectAsync(server);
        await client.SendHeadAsync([.. RawHead.Call(scheme: "https"), ("authorization", $"Bearer {token}")]);
        await AssertServesAsync(client);
        server.WriteTokens("");
        await client.ReadUntilAsync(_ => client.IsEnded);
        Assert.Equal($"{(int)StatusCode.Unavailable}", client.Status);
        Assert.Contains("credential", client.Trailers?["grpc-message"]);
    }

    // The line stays open behind the last word until the client closes it.
    [Fact]
    public async Task CertificateThatCountsNoMoreEndsItsConnectionGently()
    {
        await using SecureServer server = await SecureServer.StartAsync();
        using X509Certificate2 certificate = server.Authority.Client($"remoteswap://tenant/{TestServer.TenantA}");
        await using RawClient client = await ConnectAsync(server, certificate);
        await client.SendHeadAsync(RawHead.Call(scheme: "https"));
        await AssertServesAsync(client);
        using Authority other = new();
        await File.WriteAllTextAsync(server.CaFile, other.Pem);
        await client.ReadUntilAsync(_ => client.IsEnded);
        await client.ReadUntilAsync(_ => client.GoAwayCode is not null);
        Assert.Equal($"{(int)StatusCode.Unavailable}", client.Status);
        Assert.Equal(Http2Error.None, client.GoAwayCode);
    }

    [Fact]
    public async Task UnixSocketsWorkToo()
    {
        using SpillFolder folder = new();
        await using PageServer server = await PageServer.StartAsync(
        [
            $"--listen=unix:{folder.File}", "--management=off", $"--Tenants:{TestServer.TenantA}:Enabled=true",
        ]);
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(folder.File));
        await using RawClient client = new(new NetworkStream(socket, ownsSocket: true));
        await client.WriteAsync(RawClient.Opening());
        await client.SendHeadAsync(RawHead.Call());
        await AssertServesAsync(client);
        Assert.True(IsDirect(client));
    }

    private static byte[] Settings(params (Http2Setting, uint)[] settings) =>
        RawClient.Frame(FrameType.Settings, FrameFlags.None, 0, RawClient.Settings(settings));

    // The web server's table of heads is not empty.
    private static bool IsDirect(RawClient client) =>
        client.Frames[0].Payload.Length == 24 && client.Frames[0].Payload[1] == (byte)Http2Setting.HeaderTableSize;

    private static async Task AssertDirectAsync(RawClient client)
    {
        await client.SendHeadAsync(RawHead.Call());
        await client.ReadMessageAsync();
        Assert.True(IsDirect(client));
    }

    private static async Task AssertServesAsync(RawClient client)
    {
        await client.SendAsync(new ExchangeRequest { RequestId = 77, Ping = new PingRequest() });
        while ((await client.ReadMessageAsync()).RequestId != 77)
        {
            // The welcome.
        }
    }

    private static async Task<RawClient> ConnectAsync(SecureServer server, X509Certificate2? certificate = null)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Server.GrpcAddress.Host, server.Server.GrpcAddress.Port);
        SslStream tls = new(new NetworkStream(socket, ownsSocket: true));
        using SocketsHttpHandler handler = server.Handler(certificate);
        SslClientAuthenticationOptions options = handler.SslOptions;
        options.TargetHost = server.Server.GrpcAddress.Host;
        options.ApplicationProtocols = [SslApplicationProtocol.Http2];
        await tls.AuthenticateAsClientAsync(options);
        RawClient client = new(tls);
        await client.WriteAsync(RawClient.Opening());
        return client;
    }
}
