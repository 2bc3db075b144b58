namespace RemoteSwap.Store;

/// <summary>
/// What a tenant may use beside memory, what it uses of that, and who was told no. Whoever carries out a call asks
/// <see cref="TryBegin"/> before, pauses afterwards for as long as that says, and then ends it.
/// <para>
/// Paying afterwards is a choice. A call that comes too fast is carried out, and its answer is held back: a swap device
/// is slowed down to its rate and never sees an error, and a call of which gRPC lends the bytes for a moment only need
/// not be kept. Only who is <see cref="LongestPause"/> ahead of its rate is refused: many streams, or calls that nobody
/// waits for.
/// </para>
/// <para>
/// What it is not: fairness. A tenant without quotas is not held back for others' sake, and quotas that add up to more
/// than the machine can do protect nobody.
/// </para>
/// <para>Thread-safe: single fields, interlocked; no lock. Allocates nothing.</para>
/// </summary>
public sealed class QuotaAccount
{
    private const int Kinds = (int)QuotaKind.ByteRate + 1;

    private readonly RateBucket _calls;
    private readonly RateBucket _bytes;
    private readonly long[] _refused = new long[Kinds];
    private TenantQuotas _quotas;
    private long _streams;
    private long _inFlight;
    private long _pauses;
    private long _pausedTicks;

    internal QuotaAccount(TenantQuotas quotas, TimeProvider time)
    {
        _quotas = quotas;
        _calls = new RateBucket(time);
        _bytes = new RateBucket(time);
    }

    /// <summary>The longest time for which an answer is held back, 5 s: well below a call's usual deadline.</summary>
    public static TimeSpan LongestPause { get; } = TimeSpan.FromSeconds(5);

    /// <summary>The bounds.</summary>
    public TenantQuotas Quotas
    {
        get => Volatile.Read(ref _quotas);
        internal set => Volatile.Write(ref _quotas, value);
    }

    /// <summary>The figures of now.</summary>
    public QuotaFigures Figures => new(
        Quotas,
        Volatile.Read(ref _streams),
        Volatile.Read(ref _inFlight),
        RefusedOf(QuotaKind.Areas),
        RefusedOf(QuotaKind.Streams),
        RefusedOf(QuotaKind.InFlightBytes),
        RefusedOf(QuotaKind.CallRate),
        RefusedOf(QuotaKind.ByteRate),
        Volatile.Read(ref _pauses),
        TimeSpan.FromTicks(Volatile.Read(ref _pausedTicks)));

    /// <summary>Begins a call.</summary>
    /// <param name="bytes">Bytes of its request, and 4,096 for each page that it asks for.</param>
    /// <param name="pause">How long its answer is to be held back.</param>
    /// <param name="refusal">Why it must not be carried out.</param>
    /// <returns>Whether it may be carried out; then <see cref="End"/> must follow.</returns>
    public bool TryBegin(long bytes, out TimeSpan pause, out QuotaRefusal refusal)
    {
        TenantQuotas quotas = Quotas;
        pause = TimeSpan.Zero;
        refusal = default;
        TimeSpan forBytes = TimeSpan.Zero;
        long inFlight = Interlocked.Add(ref _inFlight, bytes);

        // A lone call is let in however large it is: the bound is for many.
        if (quotas.InFlightBytes > 0 && inFlight > quotas.InFlightBytes && inFlight > bytes)
        {
            refusal = Refuse(QuotaKind.InFlightBytes, quotas.InFlightBytes, inFlight - bytes, bytes, TimeSpan.Zero);
        }
        else if (quotas.CallsPerSecond > 0
            && !_calls.TryTake(1, quotas.CallsPerSecond, BurstOf(quotas), LongestPause, out pause))
        {
            refusal = Refuse(
                QuotaKind.CallRate, quotas.CallsPerSecond, _calls.Ahead(quotas.CallsPerSecond), 1, pause);
        }
        else if (quotas.BytesPerSecond > 0
            && !_bytes.TryTake(
                bytes, quotas.BytesPerSecond, quotas.BytesPerSecond, LongestPause, out forBytes))
        {
            refusal = Refuse(
                QuotaKind.ByteRate, quotas.BytesPerSecond, _bytes.Ahead(quotas.BytesPerSecond), bytes, forBytes);
            if (quotas.CallsPerSecond > 0)
            {
                _calls.GiveBack(1, quotas.CallsPerSecond);
            }
        }
        else
        {
            pause = forBytes > pause ? forBytes : pause;
            NotePause(pause);
            return true;
        }

        End(bytes);
        return false;
    }

    /// <summary>Ends a call that was begun.</summary>
    public void End(long bytes) => Interlocked.Add(ref _inFlight, -bytes);

    /// <summary>Counts a stream in.</summary>
    /// <returns>Whether it may be; then <see cref="EndStream"/> must follow.</returns>
    public bool TryBeginStream(out QuotaRefusal refusal)
    {
        long most = Quotas.Streams;
        long streams = Interlocked.Increment(ref _streams);
        refusal = default;
        if (most > 0 && streams > most)
        {
            EndStream();
            refusal = Refuse(QuotaKind.Streams, most, streams - 1, 1, TimeSpan.Zero);
            return false;
        }

        return true;
    }

    /// <summary>Counts a stream out.</summary>
    public void EndStream() => Interlocked.Decrement(ref _streams);

    /// <summary>Asks whether one more area may have an owner.</summary>
    /// <param name="owned">Areas that have one.</param>
    /// <param name="refusal">Why not.</param>
    internal bool HasRoomForArea(long owned, out QuotaRefusal refusal)
    {
        long most = Quotas.Areas;
        bool hasRoom = most == 0 || owned < most;
        refusal = hasRoom ? default : Refuse(QuotaKind.Areas, most, owned, 1, TimeSpan.Zero);
        return hasRoom;
    }

    private static long BurstOf(TenantQuotas quotas) =>
        quotas.CallBurst > 0 ? quotas.CallBurst : quotas.CallsPerSecond;

    private long RefusedOf(QuotaKind kind) => Volatile.Read(ref _refused[(int)kind]);

    private QuotaRefusal Refuse(QuotaKind kind, long limit, long used, long asked, TimeSpan wait)
    {
        Interlocked.Increment(ref _refused[(int)kind]);
        return new QuotaRefusal(kind, limit, used, asked, wait > LongestPause ? wait - LongestPause : wait);
    }

    private void NotePause(TimeSpan pause)
    {
        if (pause > TimeSpan.Zero)
        {
            Interlocked.Increment(ref _pauses);
            Interlocked.Add(ref _pausedTicks, pause.Ticks);
        }
    }
}
