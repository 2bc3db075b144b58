namespace RemoteSwap.Pool;

/// <summary>
/// The time of last use of frames, in 11 bits: minutes, which come round every 34 hours. So that an old frame does not
/// become a young one, whoever turns the clock also has <see cref="FrameAging.Settle"/> run over all frames at least
/// every <see cref="MaxAge"/>: older than that is not told apart.
/// <para>Thread-safe; turned by one task.</para>
/// </summary>
public sealed class FrameClock
{
    private const int Range = 1 << 11;
    private int _now;

    /// <summary>How long the clock shows one value: the resolution of ages.</summary>
    public static TimeSpan Tick { get; } = TimeSpan.FromMinutes(1);

    /// <summary>The greatest age, in ticks; nothing older is told apart.</summary>
    public const int MaxAge = (Range / 2) - 1;

    /// <summary>The time of now.</summary>
    public ushort Now => (ushort)(Volatile.Read(ref _now) & (Range - 1));

    /// <summary>A tick has passed.</summary>
    public void Turn() => Interlocked.Increment(ref _now);

    /// <summary>Ticks since a time, 0 to a turn of the clock.</summary>
    public int Since(ushort time) => (Now - time) & (Range - 1);

    /// <summary>The time so many ticks ago.</summary>
    public ushort Ago(int ticks) => (ushort)((Now - ticks) & (Range - 1));
}
