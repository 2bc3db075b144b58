using System.Buffers;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Telemetry;

namespace RemoteSwap.Client.Requests;

/// <summary>A ping. Its reply is read as that of a load, and dropped.</summary>
internal sealed class ShapedPing(Stash<ShapedPing> home, ClientMeter meter) : BatchRequest(OperationKind.Ping, meter)
{
    private PingShape _shape;

    /// <inheritdoc/>
    public override int Pages => 0;

    /// <inheritdoc/>
    protected override int PagesAskedFor => _shape.LoadPages;

    /// <summary>Says which shape the reply must have.</summary>
    public void Begin(PingShape shape)
    {
        _shape = shape;
        Watch.Begin(name: null);
    }

    /// <inheritdoc/>
    public override string? Unpack(ReadOnlySequence<byte> reply, ReplyColumns columns, out long result)
    {
        result = 0;
        return columns.TryReadPages(reply) ? PingMessage.Violation(columns, _shape) : ReplyColumns.NoMessage;
    }

    /// <inheritdoc/>
    protected override int Count(ref OutcomeCounts counts) => 1;

    /// <inheritdoc/>
    public override void Recycle() => home.Return(this);
}
