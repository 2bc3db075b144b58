using RemoteSwap.Fuzz.Core;

namespace RemoteSwap.Fuzz.Nbd;

/// <summary>
/// Reads a session's requests and replies on its own, with a model of the disk: every reply is well-formed and in the
/// order of its request, what succeeds is allowed, what is read is what the model has, and what failed changed nothing.
/// It knows the protocol (proto.md, "Transmission phase") and nothing of the server's code.
/// </summary>
internal sealed class TransmissionJudge(bool isStructured, bool hasContext, bool isReadOnly, uint unit)
{
    private const int HeaderBytes = 28;
    private const uint RequestMagic = 0x2560_9513;
    private const uint SimpleMagic = 0x6744_6698;
    private const uint ChunkMagic = 0x668e_33ef;
    private const ushort Done = 1;
    private const uint MaxPayloadBytes = 32 << 20;

    private static readonly uint[] s_errors = [1, 5, 22, 28, 75, 95, 108];

    private readonly byte[] _model = new byte[FlatDisk.Bytes];

    /// <summary>Judges a whole transmission.</summary>
    /// <param name="requests">What the client sent.</param>
    /// <param name="replies">What it was sent.</param>
    /// <param name="content">What the disk holds in the end.</param>
    public void Judge(ReadOnlySpan<byte> requests, ReadOnlySpan<byte> replies, ReadOnlySpan<byte> content)
    {
        ByteReader answers = new(replies);
        while (requests.Length >= HeaderBytes)
        {
            ByteReader header = new(requests[..HeaderBytes]);
            uint magic = header.U32();
            ushort flags = header.U16();
            ushort command = header.U16();
            ulong cookie = header.U64();
            ulong offset = header.U64();
            uint length = header.U32();
            requests = requests[HeaderBytes..];
            uint payload = command == 1 ? length : 0;
            if (magic != RequestMagic || command == 2 || payload > requests.Length)
            {
                break;
            }

            Answer(ref answers, command, flags, cookie, offset, length, requests[..(int)payload]);
            requests = requests[(int)payload..];
        }

        FindingException.Unless(answers.Left == 0, $"{answers.Left} bytes answer no request");
        FindingException.Unless(content.SequenceEqual(_model), "the disk holds what nobody wrote");
    }

    private void Answer(
        ref ByteReader answers, ushort command, ushort flags, ulong cookie, ulong offset, uint length,
        ReadOnlySpan<byte> payload)
    {
        byte[]? read = command == 0 && length <= FlatDisk.Bytes ? new byte[length] : null;
        uint error = isStructured && NextIsChunk(answers)
            ? Chunks(ref answers, command, cookie, offset, length, read)
            : Simple(ref answers, command, cookie, length, read);
        if (error != 0)
        {
            FindingException.Unless(s_errors.Contains(error), $"error {error} is none of the protocol's");
            return;
        }

        bool isInside = offset <= FlatDisk.Bytes && length <= FlatDisk.Bytes - offset;
        bool changes = command is 1 or 4 or 6;
        FindingException.Unless(command <= 7, $"command {command} succeeds");
        FindingException.Unless((flags & ~0x1F) == 0, $"flags {flags:x} succeed");
        FindingException.Unless(!(isReadOnly && changes), $"command {command} succeeds on a read-only export");
        FindingException.Unless(command != 7 || hasContext, "extents are told without a context");
        FindingException.Unless(command is not (0 or 1) || length <= MaxPayloadBytes, "an oversized request succeeds");
        FindingException.Unless(
            command == 3 ? offset == 0 && length == 0 : isInside && length > 0 && ((offset | length) & (unit - 1)) == 0,
            $"command {command} succeeds at {offset} for {length} bytes");
        if (command == 0)
        {
            FindingException.Unless(
                read.AsSpan().SequenceEqual(_model.AsSpan((int)offset, (int)length)), "a read has other bytes");
        }
        else if (command == 1)
        {
            payload.CopyTo(_model.AsSpan((int)offset));
        }
        else if (changes)
        {
            _model.AsSpan((int)offset, (int)length).Clear();
        }
    }

    private static bool NextIsChunk(ByteReader answers) => answers.U32() == ChunkMagic;

    private uint Simple(ref ByteReader answers, ushort command, ulong cookie, uint length, byte[]? read)
    {
        FindingException.Unless(answers.U32() == SimpleMagic, "a reply begins with another magic number");
        uint error = answers.U32();
        FindingException.Unless(answers.U64() == cookie, "a reply is for another request");
        FindingException.Unless(!(isStructured && command == 0), "a read has a simple reply among structured ones");
        if (error == 0 && command == 0)
        {
            FindingException.Unless(read is not null, $"a read of {length} bytes succeeds");
            answers.Take(length).CopyTo(read);
        }

        return error;
    }

    private static uint Chunks(
        ref ByteReader answers, ushort command, ulong cookie, ulong offset, uint length, byte[]? read)
    {
        uint error = 0;
        long covered = 0;
        for (bool isDone = false; !isDone;)
        {
            FindingException.Unless(answers.U32() == ChunkMagic, "a chunk begins with another magic number");
            isDone = (answers.U16() & Done) != 0;
            ushort type = answers.U16();
            FindingException.Unless(answers.U64() == cookie, "a chunk is for another request");
            ByteReader chunk = new(answers.Take(answers.U32()));
            switch (type)
            {
                case 0:
                    FindingException.Unless(isDone, "a chunk of nothing is not the last");
                    break;
                case 1 or 2:
                    ulong at = chunk.U64() - offset;
                    uint bytes = type == 2 ? chunk.U32() : (uint)chunk.Left;
                    FindingException.Unless(
                        command == 0 && read is not null && at <= length && bytes <= length - at && bytes > 0,
                        "a chunk of content is not of the request");
                    if (type == 1)
                    {
                        chunk.Take(bytes).CopyTo(read.AsSpan((int)at));
                    }

                    covered += bytes;
                    break;
                case 5:
                    Extents(ref chunk, command, length);
                    break;
                case 0x8001:
                    error = chunk.U32();
                    chunk.Take(chunk.U16());
                    FindingException.Unless(error != 0, "an error of zero");
                    break;
                default:
                    throw new FindingException($"a chunk of type {type}");
            }

            FindingException.Unless(chunk.Left == 0, $"a chunk of type {type} has {chunk.Left} bytes too many");
        }

        FindingException.Unless(error != 0 || command != 0 || covered == length, "a read is not covered once");
        return error;
    }

    private static void Extents(ref ByteReader chunk, ushort command, uint length)
    {
        FindingException.Unless(command == 7, "extents answer another command");
        chunk.U32();
        ulong sum = 0;
        do
        {
            uint extent = chunk.U32();
            FindingException.Unless(extent > 0 && (chunk.U32() & ~3u) == 0, "an extent is empty or of no known kind");
            sum += extent;
        }
        while (chunk.Left > 0);
        FindingException.Unless(sum <= length, "extents reach beyond the request");
    }
}
