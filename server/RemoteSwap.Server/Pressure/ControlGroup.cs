using System.Globalization;

namespace RemoteSwap.Server.Pressure;

/// <summary>
/// One control group of the memory controller, of either version: its limit and what is used of it. What is missing or
/// can not be read is not there: groups differ in what they have, and the root has nothing.
/// </summary>
/// <param name="name">The group's path, as the system names it.</param>
/// <param name="folder">Its folder.</param>
/// <param name="isUnified">Whether it is of version 2.</param>
internal sealed class ControlGroup(string name, string folder, bool isUnified)
{
    // Version 1 has no word for "none" and gives a number near 2^63.
    private const long NoLimit = 1L << 60;

    private static readonly string[] s_limits = ["memory.max", "memory.high"];
    private static readonly string[] s_oldLimits = ["memory.limit_in_bytes"];
    private static readonly string[] s_cache = ["inactive_file", "active_file"];
    private static readonly string[] s_oldCache = ["total_inactive_file", "total_active_file"];

    /// <summary>Its pressure file; there is one in version 2 only.</summary>
    public string PressureFile => Path.Combine(folder, "memory.pressure");

    /// <summary>
    /// The lower of its limits, and what is used of it; null: it has none. memory.high counts as a limit: the system
    /// slows all down that go beyond it.
    /// </summary>
    /// <remarks>
    /// The page cache is not counted as used: the system drops it before it refuses anything, and a server that writes
    /// to a spill file would take its own writes for a shortage.
    /// </remarks>
    public MemoryLevel? Read()
    {
        long limit = NoLimit;
        foreach (string file in isUnified ? s_limits : s_oldLimits)
        {
            limit = Math.Min(limit, ReadNumber(file) ?? NoLimit);
        }

        if (limit >= NoLimit || ReadNumber(isUnified ? "memory.current" : "memory.usage_in_bytes") is not { } current)
        {
            return null;
        }

        return new MemoryLevel(name, limit, Math.Max(0, current - ReadCache()));
    }

    private long ReadCache()
    {
        long cache = 0;
        string[] keys = isUnified ? s_cache : s_oldCache;
        foreach (string line in SystemFile.TryRead(Path.Combine(folder, "memory.stat"))?.Split('\n') ?? [])
        {
            int blank = line.IndexOf(' ', StringComparison.Ordinal);
            if (blank > 0 && keys.Contains(line[..blank]) && TryParse(line[blank..], out long bytes))
            {
                cache += bytes;
            }
        }

        return cache;
    }

    // "max", which is no number, is no limit.
    private long? ReadNumber(string file) =>
        SystemFile.TryRead(Path.Combine(folder, file)) is { } text && TryParse(text, out long number) ? number : null;

    private static bool TryParse(string text, out long number) =>
        long.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
