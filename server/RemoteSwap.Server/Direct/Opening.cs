using System.Buffers;
using System.Buffers.Binary;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Direct;

/// <summary>
/// Tells a direct connection by its first bytes: the preface of HTTP/2 and a SETTINGS frame that has
/// <see cref="Http2Setting.SingleStream"/>. What it is not: a judge of anything else. Whatever it does not know is the
/// web server's, faults included.
/// </summary>
internal static class Opening
{
    private const int MaxSettingsBytes = DirectLimits.MaxOpeningSettings * Http2Wire.SettingBytes;

    /// <summary>Looks at what has come so far.</summary>
    public static OpeningKind Judge(in ReadOnlySequence<byte> arrived)
    {
        ReadOnlySpan<byte> preface = Http2Wire.Preface;
        Span<byte> room = stackalloc byte[preface.Length + FrameHeader.Bytes + MaxSettingsBytes];
        int bytes = (int)Math.Min(arrived.Length, room.Length);
        Span<byte> seen = room[..bytes];
        arrived.Slice(0, bytes).CopyTo(seen);

        int common = Math.Min(bytes, preface.Length);
        if (!seen[..common].SequenceEqual(preface[..common]))
        {
            return OpeningKind.Ordinary;
        }

        if (bytes < preface.Length + FrameHeader.Bytes)
        {
            return OpeningKind.Unknown;
        }

        seen = seen[preface.Length..];
        FrameHeader frame = FrameHeader.Read(seen);
        seen = seen[FrameHeader.Bytes..];
        bool isOpening = frame is { Type: FrameType.Settings, Stream: 0, Length: > 0 and <= MaxSettingsBytes }
            && !frame.Has(FrameFlags.EndStream)
            && frame.Length % Http2Wire.SettingBytes == 0;
        return !isOpening ? OpeningKind.Ordinary
            : seen.Length < frame.Length ? OpeningKind.Unknown
            : HasPromise(seen[..frame.Length]) ? OpeningKind.Direct
            : OpeningKind.Ordinary;
    }

    private static bool HasPromise(ReadOnlySpan<byte> settings)
    {
        for (; !settings.IsEmpty; settings = settings[Http2Wire.SettingBytes..])
        {
            Http2Setting setting = (Http2Setting)BinaryPrimitives.ReadUInt16BigEndian(settings);
            if (setting == Http2Setting.SingleStream)
            {
                return BinaryPrimitives.ReadUInt32BigEndian(settings[sizeof(ushort)..]) == 1;
            }
        }

        return false;
    }
}
