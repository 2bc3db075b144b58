using RemoteSwap.V1;

namespace RemoteSwap.Server.Grpc.Evictions;

/// <summary>
/// Stands where generated code would: reflection finds a service's descriptor at the type around its base type.
/// </summary>
internal static class EvictionContract
{
    /// <summary>The contract.</summary>
    public static Google.Protobuf.Reflection.ServiceDescriptor Descriptor => EvictionService.Descriptor;

    /// <summary>What the service derives from.</summary>
    internal abstract class Service;
}
