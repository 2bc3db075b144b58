using System.Buffers.Binary;
using RemoteSwap.Fuzz.Core;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Fuzz.Http2;

/// <summary>
/// What the client sent: preface, settings and head, then answers to what it was asked, in order and no more of them,
/// its message within the server's windows, and a GOAWAY as the last word.
/// </summary>
internal static class ClientSent
{
    private const int OpeningFrames = 3;

    public static void Judge(ReadOnlySpan<byte> sent, ServerScript script, byte[] message, bool isSilent)
    {
        FindingException.Unless(sent.StartsWith(Http2Wire.Preface), "the client begins with no preface");
        sent = sent[Http2Wire.Preface.Length..];
        int frames = 0;
        int pings = 0;
        int settings = 0;
        bool isOver = false;
        List<byte> data = [];
        while (!sent.IsEmpty)
        {
            WalkedFrame frame = WalkedFrame.CutSent(ref sent);
            FindingException.Unless(!isOver || !isSilent, "a frame comes behind the last word");
            if (frames++ < OpeningFrames)
            {
                FindingException.Unless(
                    frame.Type == (frames == 1 ? 4 : frames == 2 ? 8 : 1), "the opening is another");
                continue;
            }

            switch (frame.Type)
            {
                case 0:
                    FindingException.Unless(
                        frame.Stream == 1 && frame.Payload.Length <= script.MostFrame, "DATA larger than may be");
                    data.AddRange(frame.Payload);
                    break;
                case 4:
                    FindingException.Unless(
                        frame.Has(1) && frame.Payload.IsEmpty && ++settings <= script.Settings,
                        "settings are confirmed that did not come");
                    break;
                case 6:
                    FindingException.Unless(
                        frame.Has(1) && pings < script.Pings.Count
                        && frame.Payload.SequenceEqual(script.Pings[pings++]),
                        "a ping is answered that did not come");
                    break;
                case 7:
                    isOver = true;
                    break;
                default:
                    FindingException.Unless(frame.Type == 8 && frame.Number > 0, $"a frame of type {frame.Type}");
                    break;
            }
        }

        FindingException.Unless(frames >= OpeningFrames, "the opening is cut");
        FindingException.Unless(
            script.IsOpen || !script.IsCut || (pings == script.Pings.Count && settings == script.Settings && !isOver),
            "answers are missing");
        FindingException.Unless(data.Count <= script.Granted, "more was sent than the server takes");
        byte[] whole = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(whole.AsSpan(1), message.Length);
        message.CopyTo(whole, 5);
        FindingException.Unless(
            data.Count <= (isSilent ? 0 : whole.Length) && whole.AsSpan(0, data.Count).SequenceEqual([.. data]),
            "another message was sent");
    }
}
