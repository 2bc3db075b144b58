using System.Runtime.InteropServices;

namespace RemoteSwap.Pool.Tests.Units;

/// <summary>How many frames of a run the system really has memory for.</summary>
internal static unsafe class Residency
{
    /// <summary>Counts the resident ones of the frames from 0 on.</summary>
    public static int Of(FrameArena arena, int frames)
    {
        byte[] pages = new byte[frames];
        fixed (byte* start = arena[new FrameNumber(0)])
        fixed (byte* states = pages)
        {
            CheckSystemCall(MemoryInCore((nint)start, (nuint)frames * FrameArena.FrameBytes, (nint)states));
        }

        return pages.Count(state => (state & 1) != 0);
    }

    private static void CheckSystemCall(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"mincore failed: {Marshal.GetLastPInvokeError()}");
        }
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "mincore", SetLastError = true)]
    private static extern int MemoryInCore(nint address, nuint length, nint states);
}
