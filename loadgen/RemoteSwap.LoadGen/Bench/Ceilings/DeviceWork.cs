using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Worker;

namespace RemoteSwap.LoadGen.Bench.Ceilings;

/// <summary>
/// Writes pages to random places of a block device, and reads them, past the page cache (O_DIRECT), as swapping does.
/// Each thread has a part of the device of its own.
/// </summary>
internal static class DeviceWork
{
    private const int ReadWrite = 2;
    private const int DirectX64 = 0x4000;
    private const int DirectArm64 = 0x10000;

    /// <summary>Measures it; a job without time fills the device.</summary>
    /// <exception cref="IOException">The device can not be used.</exception>
    public static async Task<WorkResult> RunAsync(WorkJob job, WorkerMemory memory)
    {
        int direct = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? DirectArm64 : DirectX64;
        using SafeFileHandle device = Open(Encoding.UTF8.GetBytes(job.Target + '\0'), ReadWrite | direct, 0);
        if (device.IsInvalid)
        {
            throw new IOException(
                $"{job.Target} can not be opened: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }

        Memory<byte> source = memory.AlignedPages;
        int sources = (source.Length / PageSize.Bytes) - job.Batch;
        long runs = job.StoredPages / job.Batch;
        if (job.Seconds == 0)
        {
            for (long run = 0; run < runs; run++)
            {
                Write(device, source, (int)(run * job.Batch % sources), run, job.Batch);
            }

            return new WorkResult { Pages = runs * job.Batch };
        }

        return await ThreadedWork.RunAsync(job, thread =>
        {
            SeededRandom random = new(job.Seed + (ulong)thread);
            int bytes = job.Batch * PageSize.Bytes;
            Memory<byte> room = WorkerMemory.Aligned(bytes);
            long firstRun = runs * thread / job.Callers;
            int ownRuns = (int)(runs / job.Callers);
            return () =>
            {
                long run = firstRun + random.Next(ownRuns);
                if (job.Kind == WorkKind.DeviceWrite)
                {
                    Write(device, source, random.Next(sources), run, job.Batch);
                }
                else if (RandomAccess.Read(device, room.Span, run * bytes) != bytes)
                {
                    throw new IOException($"{job.Target} gives less than it was asked for.");
                }

                return job.Batch;
            };
        });
    }

    // Direct writes want memory that starts where a sector may start, which an array of its own does not.
    private static void Write(SafeFileHandle device, Memory<byte> source, int firstPage, long run, int pages)
    {
        RandomAccess.Write(
            device,
            source.Span.Slice(firstPage * PageSize.Bytes, pages * PageSize.Bytes),
            run * pages * PageSize.Bytes);
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern SafeFileHandle Open(byte[] path, int flags, int mode);
}
