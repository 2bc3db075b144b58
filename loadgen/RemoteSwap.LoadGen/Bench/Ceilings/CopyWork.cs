using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Worker;

namespace RemoteSwap.LoadGen.Bench.Ceilings;

/// <summary>What copying pages costs: in the cache, or to or from random places of memory beyond all caches.</summary>
internal static class CopyWork
{
    private const int PagesAtOnce = 256;
    private const int FrameBytes = 4096;
    private const int CachedFrames = 8;

    /// <summary>Measures it.</summary>
    public static Task<WorkResult> RunAsync(WorkJob job, WorkerMemory memory)
    {
        byte[] arena = memory.Arena(job.StoredPages * FrameBytes);
        int frames = job.Kind == WorkKind.CopyCached ? CachedFrames : arena.Length / FrameBytes;
        return ThreadedWork.RunAsync(job, thread =>
        {
            byte[] page = new byte[FrameBytes];
            SeededRandom random = new(job.Seed + (ulong)thread);
            return () =>
            {
                for (int i = 0; i < PagesAtOnce; i++)
                {
                    Span<byte> frame = arena.AsSpan(random.Next(frames) * FrameBytes, job.PageBytes);
                    if (job.Kind == WorkKind.CopyFromCold)
                    {
                        frame.CopyTo(page);
                    }
                    else
                    {
                        page.AsSpan(0, job.PageBytes).CopyTo(frame);
                    }
                }

                return PagesAtOnce;
            };
        });
    }
}
