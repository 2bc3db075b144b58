namespace RemoteSwap.Benchmarks.Data;

/// <summary>
/// Numbers below a bound, drawn randomly in about a nanosecond each, or in sequence. Draws are independent of the
/// order in which things were filled, and no cycle repeats: otherwise memory that was laid out in that order would be
/// walked from one end to the other, and random access would look like a scan.
/// </summary>
internal sealed class NumberDraw(int bound, bool inSequence = false)
{
    private ulong _state = 0x9E3779B97F4A7C15;
    private int _next = -1;

    /// <summary>The next number, from 0 and below the bound.</summary>
    public int Next()
    {
        if (inSequence)
        {
            _next = _next + 1 == bound ? 0 : _next + 1;
            return _next;
        }

        // xorshift64*, of which the high half is good.
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        ulong draw = (_state * 0x2545F4914F6CDD1D) >> 32;
        return (int)((draw * (ulong)bound) >> 32);
    }
}
