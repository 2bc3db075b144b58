using System.Threading.Channels;

namespace RemoteSwap.Store;

/// <summary>
/// The way on which pages of one area are handed to its owner: what the owner will take (its credit), the batches on
/// their way, and which pages wait for its answer.
/// <code>
/// Open -> Closed     by whoever opened it, by another one of the same owner, or because the owner changed; for good
/// </code>
/// <para>
/// What it is not: a decision. An answer only says what the owner has; whether a page is forgotten is decided under its
/// shard's lock, by handle and generation, and by who owns the area then.
/// </para>
/// <para>
/// Bounds: <see cref="MaxPages"/> pages are out, and as many wait to be sent, whatever credit the owner gives and
/// whatever it answers. An owner that let a step of reclaim wait in vain is handed nothing more until it answers
/// something, so that it costs reclaim one wait and not one a step. One that answers late has one step waiting for it
/// at a time, any other <see cref="MaxSteps"/>.
/// </para>
/// <para>Lock: its own, rank 3; nothing is taken inside. <see cref="Close"/> may be called under any other.</para>
/// </summary>
public sealed class EvictionOutlet
{
    /// <summary>Pages that may be out at a time.</summary>
    public const int MaxPages = 256;

    /// <summary>
    /// Steps of reclaim that may wait for one client at a time: half of the shrinker's, so that others are reclaimed
    /// from meanwhile.
    /// </summary>
    public const int MaxSteps = 2;

    // A client that takes so long to answer has one step at a time.
    private static readonly TimeSpan s_slow = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly Tenant _tenant;

    // Bounded by the pages that were not read: each batch has one at least.
    private readonly Channel<EvictionBatch> _batches = Channel.CreateUnbounded<EvictionBatch>();
    private readonly Dictionary<(ulong Slot, ulong Generation), (EvictionRound Round, int Page)> _out = [];
    private int _credit;
    private int _unread;
    private bool _isSilent;
    private bool _isSlow;
    private int _steps;
    private EvictionEnd _end;

    internal EvictionOutlet(Tenant tenant, AreaClaim claim)
    {
        _tenant = tenant;
        Claim = claim;
        tenant.CountOutlet(1);
    }

    /// <summary>Why it is closed; none: it is open.</summary>
    public EvictionEnd End
    {
        get
        {
            lock (_gate)
            {
                return _end;
            }
        }
    }

    /// <summary>Whose way it is; checked again before a page is forgotten.</summary>
    internal AreaClaim Claim { get; }

    /// <summary>The owner will take more pages.</summary>
    /// <param name="pages">How many more; no more than <see cref="MaxPages"/> in all.</param>
    public void AddCredit(int pages)
    {
        lock (_gate)
        {
            _credit = (int)Math.Min(MaxPages, (long)_credit + pages);
        }
    }

    /// <summary>Waits for a batch.</summary>
    /// <returns>Whether there is one; if not, it is closed.</returns>
    public ValueTask<bool> WaitAsync(CancellationToken cancellation) => _batches.Reader.WaitToReadAsync(cancellation);

    /// <summary>Takes a batch, to be sent and disposed.</summary>
    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out EvictionBatch? batch)
    {
        bool isThere = _batches.Reader.TryRead(out batch);
        lock (_gate)
        {
            _unread -= batch?.Pages.Count ?? 0;
        }

        return isThere;
    }

    /// <summary>The owner's answer for a page. One that nobody waits for any more has no effect.</summary>
    public void Answer(Slot slot, Generation generation, EvictionAnswer answer)
    {
        (EvictionRound Round, int Page) waiting;
        lock (_gate)
        {
            _isSilent = false;
            if (!_out.Remove((slot.Value, generation.Value), out waiting))
            {
                return;
            }
        }

        waiting.Round.Answer(waiting.Page, answer);
    }

    /// <summary>Closes it: nothing more is handed out, and what is out has no answer.</summary>
    public void Close(EvictionEnd why = EvictionEnd.Closed)
    {
        (EvictionRound Round, int Page)[] left;
        lock (_gate)
        {
            if (_end != EvictionEnd.None)
            {
                return;
            }

            _end = why;
            left = [.. _out.Values];
            _out.Clear();
        }

        _tenant.CountOutlet(-1);
        _batches.Writer.Complete();
        foreach ((EvictionRound round, int page) in left)
        {
            round.Answer(page, EvictionAnswer.None);
        }
    }

    /// <summary>Begins a step of reclaim that may wait for this client.</summary>
    /// <returns>Whether it may; then <see cref="EndStep"/> must follow.</returns>
    internal bool TryBeginStep()
    {
        lock (_gate)
        {
            bool mayBegin = _steps < (_isSlow ? 1 : MaxSteps);
            _steps += mayBegin ? 1 : 0;
            return mayBegin;
        }
    }

    /// <summary>Ends a step.</summary>
    /// <param name="took">How long it took; zero: it handed nothing out.</param>
    internal void EndStep(TimeSpan took)
    {
        lock (_gate)
        {
            _steps--;
            _isSlow = took > TimeSpan.Zero ? took > s_slow : _isSlow;
        }
    }

    /// <summary>Takes credit for pages.</summary>
    /// <returns>Whether there was enough, and it is open.</returns>
    internal bool TryReserve(int pages)
    {
        lock (_gate)
        {
            bool isThere = _end == EvictionEnd.None && !_isSilent && _credit >= pages
                && _out.Count + pages <= MaxPages && _unread + pages <= MaxPages;
            _credit -= isThere ? pages : 0;
            return isThere;
        }
    }

    /// <summary>Hands pages out, for which there is credit.</summary>
    /// <param name="batch">The pages.</param>
    /// <param name="numbers">Their numbers in the round.</param>
    /// <param name="round">Where their answers go.</param>
    internal void Hand(EvictionBatch batch, IReadOnlyList<int> numbers, EvictionRound round)
    {
        List<(EvictionRound Round, int Page)> left = [];
        lock (_gate)
        {
            _unread += batch.Pages.Count;
            for (int i = 0; i < numbers.Count; i++)
            {
                EvictedPage page = batch.Pages[i];
                (ulong, ulong) key = (page.Slot.Value, page.Generation.Value);

                // What is out already was given up by its step; the answer is as good for this one.
                if (_end != EvictionEnd.None)
                {
                    left.Add((round, numbers[i]));
                }
                else
                {
                    _out[key] = (round, numbers[i]);
                }
            }
        }

        if (left.Count > 0 || !_batches.Writer.TryWrite(batch))
        {
            batch.Dispose();
        }

        foreach ((EvictionRound waiting, int page) in left)
        {
            waiting.Answer(page, EvictionAnswer.None);
        }
    }

    /// <summary>A step has waited in vain: takes back what of it is still out.</summary>
    internal void GiveUp(EvictionRound round)
    {
        List<(EvictionRound Round, int Page)> left = [];
        lock (_gate)
        {
            foreach (((ulong, ulong) key, (EvictionRound Round, int Page) waiting) in _out)
            {
                if (waiting.Round == round)
                {
                    left.Add(waiting);
                    _out.Remove(key);
                }
            }

            _isSilent |= left.Count > 0;
        }

        foreach ((EvictionRound _, int page) in left)
        {
            round.Answer(page, EvictionAnswer.None);
        }
    }
}
