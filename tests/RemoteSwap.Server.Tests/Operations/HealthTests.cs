using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Operations;

/// <summary>The gRPC health protocol, and reflection by option.</summary>
public sealed class HealthTests
{
    [Theory]
    [InlineData("")]
    [InlineData("readiness")]
    [InlineData("liveness")]
    [InlineData("remoteswap.v1.PageStoreService")]
    public async Task ServiceIsServing(string service)
    {
        await using TestServer server = await TestServer.StartAsync();
        Health.HealthClient client = new(server.Channel);
        HealthCheckResponse response = await client.CheckAsync(new HealthCheckRequest { Service = service });
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, response.Status);
    }

    [Fact]
    public async Task UnknownServiceIsNotFound()
    {
        await using TestServer server = await TestServer.StartAsync();
        Health.HealthClient client = new(server.Channel);
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(
            () => client.CheckAsync(new HealthCheckRequest { Service = "vm-x" }).ResponseAsync);
        Assert.Equal(StatusCode.NotFound, refusal.StatusCode);
    }

    [Fact]
    public async Task ReflectionIsServedByOption()
    {
        await using TestServer server = await TestServer.StartAsync("--Server:Reflection=true");
        string services = await ListServicesAsync(server);
        Assert.Contains(PageStoreService.Descriptor.FullName, services);
        Assert.Contains(AdminService.Descriptor.FullName, services);
        Assert.Contains("grpc.health.v1.Health", services);
    }

    [Fact]
    public async Task ReflectionIsOffByDefault()
    {
        await using TestServer server = await TestServer.StartAsync();
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => ListServicesAsync(server));
        Assert.Equal(StatusCode.Unimplemented, refusal.StatusCode);
    }

    private static async Task<string> ListServicesAsync(TestServer server)
    {
        ServerReflection.ServerReflectionClient client = new(server.Channel);
        using AsyncDuplexStreamingCall<ServerReflectionRequest, ServerReflectionResponse> call =
            client.ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        await call.RequestStream.CompleteAsync();
        Assert.True(await call.ResponseStream.MoveNext());
        return string.Join(
            ' ', call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name));
    }
}
