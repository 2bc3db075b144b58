using System.Buffers;
using RemoteSwap.Codec;

namespace RemoteSwap.Cli.Commands.Transfer;

/// <summary>
/// A run of pages cut into batches, a bounded number of them under way at a time. The first failure, and a wish to
/// stop, let the batches under way come to their end and start no further one.
/// </summary>
/// <param name="pages">How many pages.</param>
/// <param name="batchPages">Pages of a batch.</param>
/// <param name="parallel">Batches under way at a time.</param>
internal sealed class BatchPlan(long pages, int batchPages, int parallel)
{
    /// <summary>Moves one batch.</summary>
    /// <param name="firstPage">Its first page, from 0.</param>
    /// <param name="room">Room for its pages back to back, with anything in it.</param>
    public delegate Task MoveAsync(long firstPage, Memory<byte> room);

    /// <summary>Moves all batches.</summary>
    /// <param name="move">Moves one; runs several times at once.</param>
    /// <param name="stop">Starts no further batch.</param>
    public Task RunAsync(MoveAsync move, CancellationToken stop)
    {
        ParallelOptions options = new() { MaxDegreeOfParallelism = parallel, CancellationToken = stop };
        return Parallel.ForEachAsync(FirstPages(), options, async (firstPage, _) =>
        {
            int bytes = (int)Math.Min(batchPages, pages - firstPage) * PageSize.Bytes;
            byte[] room = ArrayPool<byte>.Shared.Rent(bytes);
            await move(firstPage, room.AsMemory(0, bytes));

            // Not after a failure: a call that was given up may still use it.
            ArrayPool<byte>.Shared.Return(room);
        });
    }

    private IEnumerable<long> FirstPages()
    {
        for (long first = 0; first < pages; first += batchPages)
        {
            yield return first;
        }
    }
}
