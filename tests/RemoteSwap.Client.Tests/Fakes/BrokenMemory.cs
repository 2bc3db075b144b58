using System.Buffers;

namespace RemoteSwap.Client.Tests.Fakes;

/// <summary>A caller's memory that is gone when it is to be written.</summary>
internal sealed class BrokenMemory : MemoryManager<byte>
{
    private readonly byte[] _bytes = new byte[4096];

    /// <summary>Whether it is gone.</summary>
    public bool IsBroken { get; set; }

    public override Span<byte> GetSpan() => IsBroken ? throw new NotSupportedException("gone") : _bytes;

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

    public override void Unpin()
    {
        // Nothing was pinned.
    }

    protected override void Dispose(bool disposing) => IsBroken = true;
}
