using System.Globalization;
using RemoteSwap.Pool;

namespace RemoteSwap.Store;

/// <summary>
/// Unbuddied frames of a tenant counted by how many chunks they have free, in ranges of eight. Equal to another with
/// the same counts.
/// </summary>
public sealed class FreeChunkCounts : IEquatable<FreeChunkCounts>
{
    private readonly long[] _frames = new long[Ranges];

    /// <summary>In how many ranges they are counted.</summary>
    public static int Ranges => ZbudPool.FreeRanges;

    /// <summary>Frames of a range, from 0.</summary>
    public long this[int range] => _frames[range];

    /// <summary>The free chunks of a range, as a word: <c>1-8</c> is the first, <c>57-62</c> the last.</summary>
    public static string NameOf(int range)
    {
        int first = (range * ZbudPool.FreePerRange) + 1;
        int last = Math.Min(first + ZbudPool.FreePerRange - 1, Chunks.Usable - 1);
        return string.Create(CultureInfo.InvariantCulture, $"{first}-{last}");
    }

    /// <inheritdoc/>
    public bool Equals(FreeChunkCounts? other) => other is not null && _frames.AsSpan().SequenceEqual(other._frames);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FreeChunkCounts);

    /// <inheritdoc/>
    public override int GetHashCode() => _frames.Sum().GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', _frames);

    /// <summary>Adds a pool's frames, whose lock is held.</summary>
    internal void Add(ZbudPool pool) => pool.AddUnbuddied(_frames);
}
