using System.Buffers;
using RemoteSwap.Client.Messages;

namespace RemoteSwap.Client.Requests;

/// <summary>A ping. Its reply is read as that of a load, and dropped.</summary>
internal sealed class ShapedPing(Stash<ShapedPing> home) : BatchRequest(OperationKind.Ping)
{
    private PingShape _shape;

    /// <inheritdoc/>
    protected override int PagesAskedFor => _shape.LoadPages;

    /// <summary>Says which shape the reply must have.</summary>
    public void Begin(PingShape shape) => _shape = shape;

    /// <inheritdoc/>
    public override string? Unpack(ReadOnlySequence<byte> reply, ReplyColumns columns, out long result)
    {
        result = 0;
        return columns.TryReadPages(reply) ? PingMessage.Violation(columns, _shape) : ReplyColumns.NoMessage;
    }

    /// <inheritdoc/>
    public override void Recycle() => home.Return(this);
}
