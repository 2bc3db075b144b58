using System.Text.Json;

namespace RemoteSwap.Vm.Tests.Guest;

/// <summary>Reads the guest's serial console: what the swapper reports, between what the kernel has to say.</summary>
internal sealed class GuestConsole
{
    private const string ProgressMark = "RS-PROGRESS ";
    private const string ResultMark = "RS-RESULT ";
    private const string MismatchMark = "RS-MISMATCH ";
    private const string FailedMark = "RS-FAILED";
    private const string EndMark = "RS-STAGE end";

    private static readonly JsonSerializerOptions s_json =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly Lock _lock = new();
    private readonly List<(int Round, int Eighth, TaskCompletionSource<GuestProgress> Reached)> _waiting = [];
    private readonly List<string> _mismatches = [];
    private GuestProgress? _progress;

    /// <summary>What the swapper found out; null until it has printed it.</summary>
    public GuestResult? Result { get; private set; }

    /// <summary>Whether the disk was given back whole and the guest powers off.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>What did not work inside the guest.</summary>
    public string? Failure { get; private set; }

    /// <summary>The first mismatches: which page, which byte, whose page is there instead.</summary>
    public IReadOnlyList<string> Mismatches
    {
        get
        {
            lock (_lock)
            {
                return [.. _mismatches];
            }
        }
    }

    /// <summary>Ends when the guest has done that much of a round.</summary>
    public Task<GuestProgress> ReachAsync(int round, int eighth)
    {
        lock (_lock)
        {
            if (_progress?.Reaches(round, eighth) == true)
            {
                return Task.FromResult(_progress);
            }

            TaskCompletionSource<GuestProgress> reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((round, eighth, reached));
            return reached.Task;
        }
    }

    /// <summary>Takes a line. The kernel may have put something before what the swapper printed.</summary>
    public void Take(string line)
    {
        lock (_lock)
        {
            if (Read<GuestProgress>(line, ProgressMark) is { } progress)
            {
                _progress = progress;
                foreach ((_, _, TaskCompletionSource<GuestProgress> reached) in _waiting
                    .Where(waiting => progress.Reaches(waiting.Round, waiting.Eighth)))
                {
                    reached.TrySetResult(progress);
                }
            }
            else if (Read<GuestResult>(line, ResultMark) is { } result)
            {
                Result = result;
            }
            else if (line.Contains(MismatchMark, StringComparison.Ordinal))
            {
                _mismatches.Add(line);
            }
            else if (line.Contains(FailedMark, StringComparison.Ordinal))
            {
                Failure = line;
            }
            else
            {
                HasEnded |= line.Contains(EndMark, StringComparison.Ordinal);
            }
        }
    }

    private static T? Read<T>(string line, string mark)
        where T : class
    {
        int at = line.IndexOf(mark, StringComparison.Ordinal);
        int end = line.LastIndexOf('}');
        return at >= 0 && end > at ? JsonSerializer.Deserialize<T>(line[(at + mark.Length)..(end + 1)], s_json) : null;
    }
}
