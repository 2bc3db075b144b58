using RemoteSwap.Client;

namespace RemoteSwap.Cli.Commands.Transfer;

/// <summary>What became of the pages of a put. Any thread may count.</summary>
internal sealed class PutTally
{
    private long _stored;
    private long _sameFilled;

    /// <summary>Pages stored.</summary>
    public long Stored => Interlocked.Read(ref _stored);

    /// <summary>Of them those of one repeated word.</summary>
    public long SameFilled => Interlocked.Read(ref _sameFilled);

    /// <summary>Counts a batch.</summary>
    /// <param name="outcomes">What became of its pages.</param>
    /// <returns>The place of the first page that was refused; -1: none was.</returns>
    public int Count(StoreOutcome[] outcomes)
    {
        int refused = -1;
        int stored = 0;
        int sameFilled = 0;
        for (int i = 0; i < outcomes.Length; i++)
        {
            switch (outcomes[i])
            {
                case StoreOutcome.Stored:
                    stored++;
                    break;
                case StoreOutcome.SameFilled:
                    stored++;
                    sameFilled++;
                    break;
                default:
                    refused = refused < 0 ? i : refused;
                    break;
            }
        }

        Interlocked.Add(ref _stored, stored);
        Interlocked.Add(ref _sameFilled, sameFilled);
        return refused;
    }
}
