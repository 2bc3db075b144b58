namespace RemoteSwap.Store;

/// <summary>
/// The answers to what one step of eviction has handed out, by the page's number in the step. It is over when each page
/// has its answer, which may be none.
/// <para>Lock: its own, rank 3; nothing is taken inside.</para>
/// </summary>
internal sealed class EvictionRound(int pages)
{
    private readonly Lock _gate = new();
    private readonly EvictionAnswer[] _answers = new EvictionAnswer[pages];
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting = pages;

    /// <summary>Completes when no answer is missing.</summary>
    public Task Over => _over.Task;

    /// <summary>What was said of a page; none: nothing.</summary>
    public EvictionAnswer this[int page]
    {
        get
        {
            lock (_gate)
            {
                return _answers[page];
            }
        }
    }

    /// <summary>Notes an answer, of which a page has one.</summary>
    /// <param name="page">The page's number.</param>
    /// <param name="answer">The answer; none: there will be none.</param>
    public void Answer(int page, EvictionAnswer answer)
    {
        bool isLast;
        lock (_gate)
        {
            _answers[page] = answer;
            isLast = --_waiting == 0;
        }

        if (isLast)
        {
            _over.TrySetResult();
        }
    }
}
