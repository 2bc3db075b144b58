using System.Buffers;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Direct;

/// <summary>
/// What the client has announced (RFC 9113, section 6.5.2), as far as it counts here. The connection's loop takes, the
/// response's pump reads.
/// </summary>
/// <param name="window">Takes INITIAL_WINDOW_SIZE.</param>
internal sealed class ClientSettings(SendWindow window)
{
    private const uint MaxFlag = 1;
    private const uint DefaultTableBytes = 4096;

    private volatile int _maxFrameBytes = Http2Wire.DefaultFrameBytes;
    private volatile bool _isTableSmaller;

    /// <summary>Bytes of the largest frame to send.</summary>
    public int MaxFrameBytes => _maxFrameBytes;

    /// <summary>Whether the first head has to say that it uses no table (RFC 7541, section 4.2).</summary>
    public bool IsTableSmaller => _isTableSmaller;

    /// <summary>Takes the settings of a frame, in their order.</summary>
    public void Take(in ReadOnlySequence<byte> payload)
    {
        SequenceReader<byte> reader = new(payload);
        while (reader.TryReadBigEndian(out short id) && reader.TryReadBigEndian(out int value))
        {
            Take((Http2Setting)(ushort)id, (uint)value);
        }
    }

    private void Take(Http2Setting setting, uint value)
    {
        switch (setting)
        {
            case Http2Setting.HeaderTableSize:
                _isTableSmaller |= value < DefaultTableBytes;
                break;
            case Http2Setting.EnablePush when value > MaxFlag:
                throw new WireFaultException(Http2Error.Protocol, "ENABLE_PUSH is neither 0 nor 1");
            case Http2Setting.SingleStream when value != MaxFlag:
                throw new WireFaultException(Http2Error.Protocol, "the promise of a single stream is taken back");
            case Http2Setting.InitialWindowSize:
                window.SetInitial(value);
                break;
            case Http2Setting.MaxFrameSize:
                if (value is < Http2Wire.DefaultFrameBytes or > FrameHeader.MostLength)
                {
                    throw new WireFaultException(Http2Error.Protocol, "MAX_FRAME_SIZE is out of its range");
                }

                _maxFrameBytes = (int)Math.Min(value, DirectLimits.MaxFrameBytes);
                break;
            default:
                break;
        }
    }
}
