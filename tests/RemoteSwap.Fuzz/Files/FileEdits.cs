using System.Buffers.Binary;

namespace RemoteSwap.Fuzz.Files;

/// <summary>
/// Damages a file by a script: records of eight bytes, each an operation, three bytes of place and four of value. So a
/// small input reaches every byte of a file that is none.
/// </summary>
internal static class FileEdits
{
    private const int RecordBytes = 8;
    private const int MaxRecords = 64;
    private const int BlockBytes = 64;

    /// <summary>A script of one change.</summary>
    public static byte[] Script(int operation, int place, uint value)
    {
        byte[] record = new byte[RecordBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(record, ((uint)place << 8) | (uint)operation);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(sizeof(uint)), value);
        return record;
    }

    /// <summary>A damaged copy.</summary>
    public static byte[] Apply(byte[] file, ReadOnlySpan<byte> script)
    {
        byte[] damaged = [.. file];
        for (int count = 0; count < MaxRecords && script.Length >= RecordBytes && damaged.Length > BlockBytes; count++)
        {
            int operation = script[0] % 5;
            int place = (int)(BinaryPrimitives.ReadUInt32LittleEndian(script) >> 8) % (damaged.Length - BlockBytes);
            uint value = BinaryPrimitives.ReadUInt32LittleEndian(script[sizeof(uint)..]);
            script = script[RecordBytes..];
            switch (operation)
            {
                case 0:
                    damaged[place] ^= (byte)value;
                    break;
                case 1:
                    BinaryPrimitives.WriteUInt32LittleEndian(damaged.AsSpan(place), value);
                    break;
                case 2:
                    damaged.AsSpan((int)(value % (damaged.Length - BlockBytes)), BlockBytes)
                        .CopyTo(damaged.AsSpan(place));
                    break;
                case 3:
                    damaged.AsSpan(place, (int)Math.Min(value, damaged.Length - place)).Clear();
                    break;
                default:
                    damaged = damaged[..place];
                    break;
            }
        }

        return damaged;
    }
}
