using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace RemoteSwap.Server.Transport;

/// <summary>Gives the web server pools of large blocks.</summary>
internal sealed class LargeBlockPoolFactory : IMemoryPoolFactory<byte>
{
    /// <inheritdoc/>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new LargeBlockPool();
}
