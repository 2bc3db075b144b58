using System.Diagnostics;

namespace RemoteSwap.Store;

/// <summary>
/// Cuts long work that takes a lock again and again into short bursts. .NET's lock is not fair: whoever lets go of it
/// and wants it again at once mostly gets it, and one that waits may wait for as long as that goes on. So after
/// <see cref="Steps"/> steps, or <see cref="Time"/>, the work sleeps for a timer's shortest time, and all that wait
/// have their turn. Used by one task.
/// </summary>
internal sealed class BurstPace
{
    /// <summary>The most steps of a burst.</summary>
    public const int Steps = 64;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(1);

    private int _steps;
    private long _began = Stopwatch.GetTimestamp();

    /// <summary>How long a burst may go on.</summary>
    public static TimeSpan Time { get; } = TimeSpan.FromMicroseconds(200);

    /// <summary>Notes a step, and sleeps when the burst is over.</summary>
    /// <param name="isOver">Whether it is over in any case.</param>
    public async ValueTask StepAsync(bool isOver = false)
    {
        if (!isOver && ++_steps < Steps && Stopwatch.GetElapsedTime(_began) < Time)
        {
            return;
        }

        await Task.Delay(s_pause);
        _steps = 0;
        _began = Stopwatch.GetTimestamp();
    }
}
