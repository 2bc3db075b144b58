using System.Buffers.Binary;
using System.Globalization;

namespace RemoteSwap.Fuzz.Http2;

/// <summary>
/// What a client has to make of a server's bytes, read straight and slow (RFC 9113 and gRPC over HTTP/2): the messages
/// before the first breach or the end, and whether that is a good one. From where it depends on the transport's timing
/// whether the next frame is a breach (answers that pile up, windows near their widest while something is sent), it
/// only says what may come.
/// </summary>
internal sealed class ServerScript
{
    private const int MostHeadBytes = 16 << 10;
    private const int MostAnswerBytes = 4 << 10;

    private readonly long _written;
    private readonly List<byte> _block = [];
    private readonly MessageCut _body = new();
    private bool _hasSettings;
    private bool _isInHead;
    private bool _endsWithHead;
    private HeadFields _fields = new();
    private string? _type;
    private long _initial = 65_535;
    private long _streamWindow = 65_535;
    private long _connectionWindow = 65_535;
    private long _answers;

    /// <summary>Reads a script.</summary>
    /// <param name="script">All that the server says.</param>
    /// <param name="written">The most that the client sends meanwhile.</param>
    public ServerScript(ReadOnlySpan<byte> script, int written)
    {
        _written = written;
        bool more = true;
        while (more && WalkedFrame.TryCut(ref script, out WalkedFrame frame, out bool isTooLong))
        {
            more = Take(frame);
        }

        WalkedFrame.TryCut(ref script, out _, out bool isBreach);
        IsCut = more && !isBreach;
        Certain ??= Messages.Count;
    }

    public List<byte[]> Messages => _body.Messages;

    /// <summary>Messages that come in any case.</summary>
    public int? Certain { get; private set; }

    /// <summary>Whether timing decides about a breach.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether it ends with the status OK.</summary>
    public bool EndsWell { get; private set; }

    /// <summary>Whether it just ends, and would go on.</summary>
    public bool IsCut { get; private set; }

    /// <summary>What was asked to be answered.</summary>
    public List<byte[]> Pings { get; } = [];

    public int Settings { get; private set; }

    /// <summary>Bytes that the client may have sent at most.</summary>
    public long Granted { get; private set; } = 65_535;

    /// <summary>Bytes of the largest frame that the client may have sent.</summary>
    public long MostFrame { get; private set; } = 16 << 10;

    // Each of these says whether the stream goes on.
    private bool Take(WalkedFrame frame)
    {
        if ((_isInHead && frame.Type != 9) || (!_hasSettings && (frame.Type != 4 || frame.Has(1))))
        {
            return false;
        }

        _hasSettings = true;
        return frame.Type switch
        {
            0 => frame.Stream == 1 && TakeData(frame),
            1 or 9 => frame.Stream == 1 && (frame.Type == 1 || _isInHead) && TakeHead(frame),
            4 => frame.Stream == 0 && (!frame.Has(1) || frame.Payload.IsEmpty) && TakeSettings(frame),
            3 or 5 => false,
            6 => frame.Stream == 0 && frame.Payload.Length == 8 && TakePing(frame),
            7 => frame.Stream == 0 && frame.Payload.Length >= 8 && (frame.Number & int.MaxValue) > 0
                && BinaryPrimitives.ReadUInt32BigEndian(frame.Payload[4..]) == 0,
            8 => frame.Stream <= 1 && frame.Payload.Length == 4 && TakeWindow(frame),
            _ => true,
        };
    }

    private bool TakeData(WalkedFrame frame)
    {
        if (Status() < 200 || !frame.TryContent(out ReadOnlySpan<byte> content))
        {
            return false;
        }

        if (IsGrpc() && !_body.Take(content))
        {
            return false;
        }

        SetEnd(frame.Has(1));
        return !frame.Has(1);
    }

    private bool TakeHead(WalkedFrame frame)
    {
        ReadOnlySpan<byte> content = frame.Payload;
        if (frame.Type == 1)
        {
            _block.Clear();
            _endsWithHead = frame.Has(1);
            int priority = frame.Has(FrameBytes.Priority) ? 5 : 0;
            if (!frame.TryContent(out content) || content.Length < priority)
            {
                return false;
            }

            content = content[priority..];
        }

        _block.AddRange(content);
        _isInHead = !frame.Has(FrameBytes.EndHeaders);
        if (_block.Count > MostHeadBytes || _isInHead)
        {
            return _block.Count <= MostHeadBytes;
        }

        // Trailers have no status, all other heads one; what comes before the response counts for nothing.
        bool isTrailers = Status() >= 200;
        HeadFields own = new();
        if (!own.TryRead([.. _block]) || isTrailers != own.Last(":status") is null)
        {
            return false;
        }

        if (!isTrailers)
        {
            _fields = own;
            _type = own.Last("content-type");
        }

        bool isRead = !isTrailers || _fields.TryRead([.. _block]);
        if (!isRead || Status() is < 100 or > 599
            || (isTrailers && !_endsWithHead) || (_endsWithHead && Status() < 200))
        {
            return false;
        }

        SetEnd(_endsWithHead);
        return !_endsWithHead && (Status() < 200 || (Status() == 200 && IsGrpc()));
    }

    private bool TakeSettings(WalkedFrame frame)
    {
        if (frame.Payload.Length % 6 != 0)
        {
            return false;
        }

        for (ReadOnlySpan<byte> rest = frame.Payload; !rest.IsEmpty; rest = rest[6..])
        {
            long value = BinaryPrimitives.ReadUInt32BigEndian(rest[2..]);
            int id = BinaryPrimitives.ReadUInt16BigEndian(rest);
            if ((id == 2 && value != 0)
                || (id == 5 && value is < 16_384 or > 16_777_215) || (id == 4 && !SetInitial(value)))
            {
                return false;
            }

            MostFrame = id == 5 ? Math.Max(MostFrame, value) : MostFrame;
        }

        Settings += frame.Has(1) ? 0 : 1;
        CountAnswer(frame.Has(1) ? 0 : 9);
        return true;
    }

    private bool SetInitial(long value)
    {
        _streamWindow += value - _initial;
        _initial = value;
        return value <= int.MaxValue && IsWindow(_streamWindow);
    }

    private bool TakeWindow(WalkedFrame frame)
    {
        long more = frame.Number & int.MaxValue;
        Granted += frame.Stream == 0 ? more : 0;
        _connectionWindow += frame.Stream == 0 ? more : 0;
        _streamWindow += frame.Stream == 0 ? 0 : more;
        return more > 0 && IsWindow(frame.Stream == 0 ? _connectionWindow : _streamWindow);
    }

    // Between: it depends on what the client has sent by now.
    private bool IsWindow(long window)
    {
        if (window > int.MaxValue)
        {
            Open();
        }

        return window - _written <= int.MaxValue;
    }

    private bool TakePing(WalkedFrame frame)
    {
        if (!frame.Has(1))
        {
            Pings.Add(frame.Payload.ToArray());
            CountAnswer(17);
        }

        return true;
    }

    private void CountAnswer(int bytes)
    {
        _answers += bytes;
        if (_answers > MostAnswerBytes)
        {
            Open();
        }
    }

    private void Open()
    {
        IsOpen = true;
        Certain ??= Messages.Count;
    }

    private void SetEnd(bool isEnd) =>
        EndsWell = isEnd && Status() == 200 && IsGrpc() && NumberIn("grpc-status") == 0 && !_body.IsInside;

    private bool IsGrpc() =>
        _type is "application/grpc"
        || _type?.StartsWith("application/grpc+", StringComparison.Ordinal) == true
        || _type?.StartsWith("application/grpc;", StringComparison.Ordinal) == true;

    private int Status() => NumberIn(":status") ?? 0;

    // .NET's own reading lets zero bytes follow a number.
    private int? NumberIn(string field) => _fields.Last(field) is { } text
        && !text.Contains('\0', StringComparison.Ordinal)
        && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
        ? number : null;
}
