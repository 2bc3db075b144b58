using System.Net;
using Grpc.Core;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Security;

/// <summary>Requests that are no calls of the contract, on a server that knows who calls.</summary>
public sealed class AccessGateTests
{
    private static readonly Marshaller<byte[]> s_bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    // Routes are found whatever the case of their letters; who may call is not.
    [Theory]
    [InlineData("remoteswap.v1.PageStoreService", "load")]
    [InlineData("REMOTESWAP.V1.PAGESTORESERVICE", "Load")]
    [InlineData("remoteswap.v1.adminservice", "listtenants")]
    [InlineData("remoteswap.v1.AdminService", "NoSuchMethod")]
    [InlineData("no.such.Service", "Load")]
    public async Task AnotherSpellingOfAMethodIsNobodys(string service, string method)
    {
        (string tenant, string admin) = (Tokens.New(), Tokens.New());
        await using SecureServer server = await SecureServer.StartAsync(
            Tokens.Line($"tenant {TestServer.TenantA}", tenant) + Tokens.Line("admin ops", admin));
        CallInvoker invoker = server.Open().CreateCallInvoker();

        Assert.Equal(StatusCode.Unimplemented, await CallAsync(invoker, service, method, tenant));
        Assert.Equal(StatusCode.Unimplemented, await CallAsync(invoker, service, method, admin));
        Assert.Equal(StatusCode.Unauthenticated, await CallAsync(invoker, service, method, null));
    }

    [Theory]
    [InlineData("Basic dm03OnBhZ2Vz")]
    [InlineData("{0}")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer {0}, Bearer {0}")]
    [InlineData("Bearer {0} {0}")]
    [InlineData("Bearer sha256:{0}")]
    public async Task AnotherFormOfATokenIsNone(string header)
    {
        string token = Tokens.New();
        await using SecureServer server =
            await SecureServer.StartAsync(Tokens.Line($"tenant {TestServer.TenantA}", token));
        PageStoreService.PageStoreServiceClient pages = new(server.Open());
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () => await pages.PingAsync(
            new PingRequest(), new Metadata { { "authorization", string.Format(header, token) } }));
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);

        await pages.PingAsync(new PingRequest(), new Metadata { { "authorization", $"bearer {token}" } });
    }

    [Fact]
    public async Task WhatIsNoCallIsNotAnsweredWithoutACredential()
    {
        await using SecureServer server = await SecureServer.StartAsync();
        using HttpClient client = new(server.Handler()) { BaseAddress = server.Server.GrpcAddress };
        foreach (string path in (string[])["/", "/admin/tenants", "/remoteswap.v1.PageStoreService/Load"])
        {
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri(path, UriKind.Relative))
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using HttpResponseMessage response = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    private static async Task<StatusCode> CallAsync(
        CallInvoker invoker, string service, string method, string? token)
    {
        Method<byte[], byte[]> rpc = new(MethodType.Unary, service, method, s_bytes, s_bytes);
        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () => await invoker.AsyncUnaryCall(
            rpc, host: null, new CallOptions(SecureServer.With(token)), []));
        return failure.StatusCode;
    }
}
