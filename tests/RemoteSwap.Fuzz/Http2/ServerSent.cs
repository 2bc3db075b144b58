using RemoteSwap.Fuzz.Core;

namespace RemoteSwap.Fuzz.Http2;

/// <summary>
/// What the server sent: settings and window, then answers to what it was asked, in order and no more of them; of the
/// one response a head, a body within the client's windows, and trailers; a GOAWAY with an error for a fault and for
/// nothing else.
/// </summary>
/// <param name="script">What the client said.</param>
/// <param name="body">What the application has read.</param>
/// <param name="isEcho">Whether it sent that back.</param>
/// <param name="isSlow">Whether the end of what is sent may be missing.</param>
internal sealed class ServerSent(ClientScript script, byte[] body, bool isEcho, bool isSlow)
{
    private const int OpeningFrames = 2;

    private readonly List<byte> _data = [];
    private int _pings;
    private int _settings;
    private int _heads;
    private int _resets;
    private int _lastWords;
    private long _granted;
    private bool _isFaulty;
    private bool _isEnded;

    public void Judge(ReadOnlySpan<byte> sent)
    {
        for (int frames = 0; !sent.IsEmpty; frames++)
        {
            WalkedFrame frame = WalkedFrame.CutSent(ref sent);
            if (frames < OpeningFrames)
            {
                FindingException.Unless(frame.Type == (frames == 0 ? 4 : 8) && !frame.Has(1), "the opening is another");
            }
            else if (frame.Type is 0 or 1 or 3)
            {
                TakeResponse(frame);
            }
            else
            {
                TakeAnswer(frame);
            }
        }

        FindingException.Unless(_data.Count <= script.Granted, "more was sent than the client takes");
        FindingException.Unless(
            isEcho ? body.AsSpan().StartsWith([.. _data]) : _data.Count == 0, "another body was sent back");
        FindingException.Unless(_granted <= script.Received, "more window is granted than was used");
        FindingException.Unless(
            script.IsFaulty || script.IsOpen || isSlow
            || (_pings == script.Pings.Count && _settings == script.Settings),
            "answers are missing");
        FindingException.Unless(
            script.IsOpen || _isFaulty == script.IsFaulty || (isSlow && !_isFaulty), "a fault is none, or none is one");
    }

    private void TakeResponse(WalkedFrame frame)
    {
        FindingException.Unless(frame.Stream == 1, "a response on no stream");
        if (frame.Type == 3)
        {
            FindingException.Unless(frame.Payload.Length == 4 && ++_resets == 1, "a stream is reset twice");
            return;
        }

        FindingException.Unless(_resets == 0 && !_isEnded, "a response goes on behind its end");
        FindingException.Unless(frame.Payload.Length <= script.MostFrame, "a frame is larger than may be");
        _isEnded = frame.Has(1);
        if (frame.Type == 0)
        {
            FindingException.Unless(_heads == 1, "a body comes before its head");
            _data.AddRange(frame.Payload);
            return;
        }

        FindingException.Unless(
            frame.Has(FrameBytes.EndHeaders) && new HeadFields().TryRead(frame.Payload), "a head can not be read");
        FindingException.Unless(++_heads == 1 || (_heads == 2 && _isEnded), "trailers do not end the response");
    }

    private void TakeAnswer(WalkedFrame frame)
    {
        switch (frame.Type)
        {
            case 4:
                FindingException.Unless(
                    frame.Has(1) && frame.Payload.IsEmpty && ++_settings <= script.Settings,
                    "settings are confirmed that did not come");
                break;
            case 6:
                FindingException.Unless(
                    frame.Has(1) && _pings < script.Pings.Count && frame.Payload.SequenceEqual(script.Pings[_pings++]),
                    "a ping is answered that did not come");
                break;
            case 7:
                FindingException.Unless(frame.Payload.Length == 8 && ++_lastWords <= 2, "too many last words");
                _isFaulty |= frame.Payload[7] != 0;
                break;
            default:
                FindingException.Unless(frame.Type == 8 && frame.Number > 0, $"a frame of type {frame.Type}");
                _granted += frame.Stream == 0 ? frame.Number : 0;
                break;
        }
    }
}
