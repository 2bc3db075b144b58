using System.Globalization;
using RemoteSwap.Units;

namespace RemoteSwap.Server.Pressure;

/// <summary>
/// Says what limit the server may have, from what the system says about its memory, one reading a second. No clock, no
/// files, no store: the same readings give the same answers.
/// <para>
/// A control group's limit is looked at ahead. What counts is not what is used, but what would be if the server filled
/// up to its limit: a client fills half a gigabyte between two readings, and then the system kills. Above
/// <see cref="HighPercent"/> of the group's limit the server's falls at once, so that it would be
/// <see cref="TargetPercent"/>; below <see cref="LowPercent"/> it may rise.
/// </para>
/// <para>
/// Stalls are looked at as they come, since nobody knows whose they are: from <see cref="HighStallPercent"/> on a step
/// down from what is in use, and then no other for <see cref="SettleReadings"/>, because an average of ten seconds
/// tells late what a step has done.
/// </para>
/// <para>
/// Up it goes slowly: after <see cref="CalmReadings"/> without either, a step each <see cref="SettleReadings"/>.
/// </para>
/// </summary>
internal sealed class PressurePolicy
{
    /// <summary>Of a group's limit, in percent: what would be used must not come above this.</summary>
    public const int HighPercent = 90;

    /// <summary>What it is brought down to.</summary>
    public const int TargetPercent = 85;

    /// <summary>Below this the limit may rise.</summary>
    public const int LowPercent = 80;

    /// <summary>Pressure: some task waited for memory in this share of the last ten seconds.</summary>
    public const double HighStallPercent = 10;

    /// <summary>Calm: in less than this.</summary>
    public const double LowStallPercent = 1;

    /// <summary>A step is the configured limit divided by this.</summary>
    public const int StepDivisor = 32;

    /// <summary>Readings between two steps.</summary>
    public const int SettleReadings = 5;

    /// <summary>Calm readings in a row before the limit rises.</summary>
    public const int CalmReadings = 30;

    private const int Percent = 100;

    private readonly long _configured;
    private readonly long _floor;
    private readonly long _step;
    private long _limit;
    private int _calm;
    private int _settle;

    /// <summary>Begins with the configured limit in force.</summary>
    /// <param name="configuredBytes">The limit that is never exceeded.</param>
    /// <param name="floorBytes">The limit that is never gone below.</param>
    public PressurePolicy(long configuredBytes, long floorBytes)
    {
        _configured = configuredBytes;
        _floor = Math.Min(floorBytes, configuredBytes);
        _step = Math.Max(1, configuredBytes / StepDivisor);
        _limit = configuredBytes;
    }

    /// <summary>Decides after a reading.</summary>
    /// <param name="reading">What the system says.</param>
    /// <param name="usedBytes">Memory that the server uses of its limit.</param>
    public PressureDecision Decide(PressureReading reading, long usedBytes)
    {
        _settle = Math.Max(0, _settle - 1);
        if (reading.Level is { } level && WouldUse(level, usedBytes) > Share(level, HighPercent))
        {
            return Lower(usedBytes + Share(level, TargetPercent) - level.UsedBytes, Why(level));
        }

        if (reading.Stalls is { } stalls && stalls.SomePercent >= HighStallPercent)
        {
            return _settle > 0 ? Stay() : Lower(Math.Min(_limit, usedBytes) - _step, Why(stalls));
        }

        bool isCalm = reading.Stalls is not { SomePercent: >= LowStallPercent };
        _calm = isCalm ? _calm + 1 : 0;
        return _limit < _configured && _calm >= CalmReadings && _settle == 0 ? Raise(reading, usedBytes) : Keep();
    }

    private static long Share(MemoryLevel level, int percent) => level.LimitBytes / Percent * percent;

    private static string Why(MemoryLevel level) =>
        $"the control group {level.Name} has a limit of {new ByteSize(level.LimitBytes)}, of which "
        + $"{new ByteSize(level.UsedBytes)} are in use by all that is in it";

    private static string Why(MemoryStalls stalls) => string.Create(
        CultureInfo.InvariantCulture,
        $"tasks of this machine or group waited for memory in {stalls.SomePercent:0.0} % of the last 10 s, all of "
        + $"them in {stalls.FullPercent:0.0} %");

    // What would be used of a group's limit if the server filled up to its own.
    private long WouldUse(MemoryLevel level, long usedBytes) => level.UsedBytes + Math.Max(0, _limit - usedBytes);

    private PressureDecision Lower(long wanted, string reason)
    {
        long limit = Math.Clamp(wanted, _floor, _limit);
        if (limit == _limit)
        {
            return Stay();
        }

        _calm = 0;
        _settle = SettleReadings;
        _limit = limit;
        return new PressureDecision(LimitChange.Lowered, limit, reason);
    }

    private PressureDecision Raise(PressureReading reading, long usedBytes)
    {
        long limit = Math.Min(_configured, _limit + _step);
        if (reading.Level is { } level)
        {
            long room = usedBytes + Share(level, LowPercent) - level.UsedBytes;
            limit = Math.Min(limit, room);
        }

        // A crumb is not worth a word in the log.
        if (limit < _configured && limit - _limit < _step / 2)
        {
            return Keep();
        }

        _limit = limit;
        _settle = SettleReadings;
        return limit == _configured
            ? new PressureDecision(LimitChange.Restored, limit, "")
            : new PressureDecision(LimitChange.Raised, limit, "the pressure has gone");
    }

    // Under pressure, and nothing to be done now.
    private PressureDecision Stay()
    {
        _calm = 0;
        return Keep();
    }

    private PressureDecision Keep() => new(LimitChange.None, _limit, "");
}
