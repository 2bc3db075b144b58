using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using RemoteSwap.V1;

namespace RemoteSwap.Server.Tests.Security;

/// <summary>
/// Every method that the server has, found by its descriptors, and a call of any of them in a tenant's name.
/// </summary>
internal static class AnyCall
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    private static readonly Marshaller<byte[]> s_bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    /// <summary>All methods by the path of their request.</summary>
    public static IReadOnlyDictionary<string, MethodDescriptor> Methods { get; } =
        Files().SelectMany(file => file.Services).SelectMany(service => service.Methods)
            .ToDictionary(method => $"/{method.Service.FullName}/{method.Name}", StringComparer.Ordinal);

    /// <summary>Calls a method.</summary>
    /// <param name="invoker">The connection.</param>
    /// <param name="path">The method.</param>
    /// <param name="tenant">Whom the message names, where it can.</param>
    /// <param name="headers">The call's metadata.</param>
    /// <returns>With what it ended, or what a stream's request was answered with.</returns>
    public static async Task<Status> RunAsync(CallInvoker invoker, string path, string tenant, Metadata headers)
    {
        MethodDescriptor rpc = Methods[path];
        Method<byte[], byte[]> method = new(TypeOf(rpc), rpc.Service.FullName, rpc.Name, s_bytes, s_bytes);
        byte[] request = RequestOf(rpc, tenant).ToByteArray();
        CallOptions options = new(headers, DateTime.UtcNow + s_longest);
        try
        {
            switch (method.Type)
            {
                case MethodType.Unary:
                    await invoker.AsyncUnaryCall(method, host: null, options, request);
                    return Status.DefaultSuccess;
                case MethodType.ServerStreaming:
                    using (AsyncServerStreamingCall<byte[]> call =
                        invoker.AsyncServerStreamingCall(method, host: null, options, request))
                    {
                        await call.ResponseStream.MoveNext(CancellationToken.None);
                        return Status.DefaultSuccess;
                    }

                default:
                    using (AsyncDuplexStreamingCall<byte[], byte[]> call =
                        invoker.AsyncDuplexStreamingCall(method, host: null, options))
                    {
                        return await StreamAsync(call, rpc, request);
                    }
            }
        }
        catch (RpcException failure)
        {
            return failure.Status;
        }
    }

    private static async Task<Status> StreamAsync(
        AsyncDuplexStreamingCall<byte[], byte[]> call, MethodDescriptor rpc, byte[] request)
    {
        try
        {
            await call.RequestStream.WriteAsync(request);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception ended) when (ended is RpcException or InvalidOperationException)
        {
            // The server has refused before it was asked; reading says with what.
        }

        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            if (rpc.OutputType.ClrType == typeof(ExchangeResponse)
                && ExchangeResponse.Parser.ParseFrom(call.ResponseStream.Current).Failure is { } failure)
            {
                return new Status((StatusCode)failure.Code, failure.Message);
            }
        }

        return Status.DefaultSuccess;
    }

    private static MethodType TypeOf(MethodDescriptor rpc) => (rpc.IsClientStreaming, rpc.IsServerStreaming) switch
    {
        (false, false) => MethodType.Unary,
        (false, true) => MethodType.ServerStreaming,
        (true, false) => MethodType.ClientStreaming,
        _ => MethodType.DuplexStreaming,
    };

    private static IMessage RequestOf(MethodDescriptor rpc, string tenant)
    {
        IMessage request = (IMessage)Activator.CreateInstance(rpc.InputType.ClrType)!;
        switch (request)
        {
            case ExchangeRequest exchange:
                exchange.RequestId = 1;
                exchange.Load = Batch.Load([1], tenant);
                break;
            case EvictionsRequest evictions:
                evictions.Begin = new EvictionsBegin { Tenant = tenant };
                break;
            default:
                rpc.InputType.FindFieldByName("tenant")?.Accessor.SetValue(request, tenant);
                break;
        }

        return request;
    }

    private static IEnumerable<FileDescriptor> Files() =>
    [
        .. from type in typeof(StoreRequest).Assembly.GetTypes()
           let file = type.GetProperty("Descriptor")
           where file?.PropertyType == typeof(FileDescriptor)
           select (FileDescriptor)file.GetValue(null)!,
        global::Grpc.Health.V1.HealthReflection.Descriptor,
        global::Grpc.Reflection.V1Alpha.ServerReflection.Descriptor.File,
        global::Grpc.Reflection.V1.ServerReflection.Descriptor.File,
    ];
}
