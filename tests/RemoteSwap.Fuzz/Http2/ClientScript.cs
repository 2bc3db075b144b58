using System.Buffers.Binary;

namespace RemoteSwap.Fuzz.Http2;

/// <summary>
/// What a server has to make of a client's bytes behind the opening, read straight and slow (RFC 9113 and the promise
/// of a single stream): the body of the request, and whether there is a fault. Where that depends on what the server
/// has sent or read by then (windows), it says that it does not know.
/// </summary>
internal sealed class ClientScript
{
    private const int MostHeadBytes = 16 << 10;
    private const int MostFields = 100;
    private const long WindowBytes = 1 << 20;
    private const long MostReplyBytes = 64 << 10;

    private long _initial = 65_535;
    private long _streamWindow = 65_535;
    private long _connectionWindow = 65_535;
    private long? _missing;

    /// <summary>Reads a script.</summary>
    public ClientScript(ReadOnlySpan<byte> script)
    {
        while (!IsFaulty && script.Length >= 9)
        {
            IsFaulty = !MayBe(script);
            if (IsFaulty || !WalkedFrame.TryCut(ref script, out WalkedFrame frame, out _))
            {
                break;
            }

            IsFaulty = !Take(frame);
        }
    }

    /// <summary>Whether the connection has to end.</summary>
    public bool IsFaulty { get; private set; }

    /// <summary>Whether windows decide about that.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether the stream ends before its time.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether the client has said all.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>The head; null: none came.</summary>
    public HeadFields? Head { get; private set; }

    /// <summary>Its bytes.</summary>
    public byte[] Block { get; private set; } = [];

    public List<byte> Body { get; } = [];

    /// <summary>Bytes of DATA, filling included.</summary>
    public long Received { get; private set; }

    public List<byte[]> Pings { get; } = [];

    public int Settings { get; private set; }

    /// <summary>Bytes that the server may have sent at most.</summary>
    public long Granted { get; private set; } = 65_535;

    /// <summary>Bytes of the largest frame that the server may have sent.</summary>
    public long MostFrame { get; private set; } = 16 << 10;

    // By its header alone.
    private static bool MayBe(ReadOnlySpan<byte> header)
    {
        int length = (header[0] << 16) | (header[1] << 8) | header[2];
        bool isFirstFlag = (header[4] & 1) != 0;
        int stream = BinaryPrimitives.ReadInt32BigEndian(header[5..]) & int.MaxValue;
        return length <= WalkedFrame.MostBytes && header[3] switch
        {
            0 or 1 => stream == 1,
            2 => stream != 0 && length == 5,
            3 => stream == 1 && length == 4,
            4 => stream == 0 && (isFirstFlag ? length == 0 : length % 6 == 0),
            5 or 9 => false,
            6 => stream == 0 && length == 8,
            7 => stream == 0 && length >= 8,
            8 => stream <= 1 && length == 4,
            _ => true,
        };
    }

    // Each of these says whether the connection goes on.
    private bool Take(WalkedFrame frame)
    {
        switch (frame.Type)
        {
            case 0:
                return Head is not null && !IsWhole && TakeData(frame);
            case 1:
                return Head is null && TakeHead(frame);
            case 3:
                IsBroken = true;
                return Head is not null;
            case 4:
                Settings += frame.Has(1) ? 0 : 1;
                return TakeSettings(frame.Payload);
            case 6 when !frame.Has(1):
                Pings.Add(frame.Payload.ToArray());
                return true;
            case 8:
                return (frame.Stream == 0 || Head is not null) && TakeWindow(frame.Stream, frame.Number & int.MaxValue);
            default:
                return true;
        }
    }

    private bool TakeData(WalkedFrame frame)
    {
        if (!frame.TryContent(out ReadOnlySpan<byte> content))
        {
            return false;
        }

        Received += frame.Payload.Length;
        IsOpen |= Received > WindowBytes;
        IsWhole = frame.Has(1);
        _missing -= content.Length;
        IsBroken |= _missing < 0 || (IsWhole && _missing > 0);
        if (!IsBroken)
        {
            Body.AddRange(content);
        }

        return true;
    }

    private bool TakeHead(WalkedFrame frame)
    {
        int priority = frame.Has(FrameBytes.Priority) ? 5 : 0;
        HeadFields head = new();
        if (!frame.Has(FrameBytes.EndHeaders) || !frame.TryContent(out ReadOnlySpan<byte> content)
            || content.Length < priority || !head.TryRead(content[priority..])
            || head.Bytes > MostHeadBytes || head.Count > MostFields)
        {
            return false;
        }

        Block = content[priority..].ToArray();
        Head = head;
        IsWhole = frame.Has(1);
        _missing = long.TryParse(head.Last("content-length"), out long length) ? length : null;
        return true;
    }

    private bool TakeSettings(ReadOnlySpan<byte> settings)
    {
        for (; !settings.IsEmpty; settings = settings[6..])
        {
            long value = BinaryPrimitives.ReadUInt32BigEndian(settings[2..]);
            int id = BinaryPrimitives.ReadUInt16BigEndian(settings);
            bool mayBe = id switch
            {
                2 => value <= 1,
                4 => SetInitial(value),
                5 => value is >= 16_384 and <= 16_777_215,
                0xF5A1 => value == 1,
                _ => true,
            };
            if (!mayBe)
            {
                return false;
            }

            MostFrame = id == 5 ? Math.Max(MostFrame, value) : MostFrame;
        }

        return true;
    }

    private bool SetInitial(long value)
    {
        _streamWindow += value - _initial;
        _initial = value;
        return value <= int.MaxValue && IsWindow(_streamWindow);
    }

    private bool TakeWindow(int stream, long more)
    {
        Granted += stream == 0 ? more : 0;
        _connectionWindow += stream == 0 ? more : 0;
        _streamWindow += stream == 0 ? 0 : more;
        return more > 0 && IsWindow(stream == 0 ? _connectionWindow : _streamWindow);
    }

    // Between: it depends on what the server has sent by now.
    private bool IsWindow(long window)
    {
        IsOpen |= window > int.MaxValue && window - Math.Max(MostReplyBytes, Received) <= int.MaxValue;
        return window <= int.MaxValue;
    }
}
