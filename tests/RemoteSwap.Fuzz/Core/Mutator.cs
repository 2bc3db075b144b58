using System.Buffers.Binary;

namespace RemoteSwap.Fuzz.Core;

/// <summary>
/// Changes inputs as AFL's "havoc" stage does: bits, numbers, interesting values, blocks moved, doubled and taken from
/// other inputs. Which changes come is decided by the seed alone. It is not guided by coverage: that is AFL's work, and
/// what AFL found stands in the corpus.
/// </summary>
internal sealed class Mutator(int seed)
{
    private const int MaxChanges = 6;
    private const int MaxBytes = 16 << 10;
    private const int MaxBlock = 64;

    private static readonly uint[] s_interesting =
        [0, 1, 7, 8, 15, 16, 127, 128, 255, 256, 511, 512, 4095, 4096, 4097, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF];

    private readonly Random _random = new(seed);

    /// <summary>Makes a changed copy of one of some inputs.</summary>
    public byte[] Next(IReadOnlyList<byte[]> inputs)
    {
        List<byte> bytes = [.. inputs[_random.Next(inputs.Count)]];
        for (int changes = _random.Next(1, MaxChanges); changes > 0; changes--)
        {
            Change(bytes, inputs[_random.Next(inputs.Count)]);
        }

        return bytes.Count > MaxBytes ? [.. bytes[..MaxBytes]] : [.. bytes];
    }

    private void Change(List<byte> bytes, byte[] other)
    {
        if (bytes.Count == 0)
        {
            bytes.Add((byte)_random.Next(256));
            return;
        }

        // Half of the time near the front, where lengths and kinds stand.
        int at = _random.Next(_random.Next(2) == 0 ? bytes.Count : Math.Min(bytes.Count, MaxBlock));
        int length = Math.Min(_random.Next(1, MaxBlock), bytes.Count - at);
        switch (_random.Next(9))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1:
                bytes[at] += (byte)_random.Next(-16, 17);
                break;
            case 2:
                bytes[at] = (byte)s_interesting[_random.Next(s_interesting.Length)];
                break;
            case 3:
                Overwrite(bytes, at, s_interesting[_random.Next(s_interesting.Length)]);
                break;
            case 4:
                bytes.RemoveRange(at, length);
                break;
            case 5:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 6:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 7 when other.Length > 0:
                int from = _random.Next(other.Length);
                bytes.InsertRange(at, other[from..Math.Min(other.Length, from + (4 * MaxBlock))]);
                break;
            default:
                bytes[at] = (byte)_random.Next(256);
                break;
        }
    }

    private void Overwrite(List<byte> bytes, int at, uint value)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        int width = 1 << _random.Next(3);
        if (_random.Next(2) == 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(number, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(number, value << (8 * (sizeof(uint) - width)));
        }

        for (int i = 0; i < width && at + i < bytes.Count; i++)
        {
            bytes[at + i] = number[i];
        }
    }
}
