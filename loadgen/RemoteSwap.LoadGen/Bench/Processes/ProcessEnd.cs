using System.Diagnostics;

namespace RemoteSwap.LoadGen.Bench.Processes;

/// <summary>How a process that ends with its input is ended; one that does not is killed with all it started.</summary>
internal static class ProcessEnd
{
    private static readonly TimeSpan s_endTime = TimeSpan.FromSeconds(10);

    /// <summary>Closes its input, waits for its end, and lets go of it.</summary>
    public static async ValueTask CloseAsync(Process process)
    {
        using CancellationTokenSource late = new(s_endTime);
        try
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync(late.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        process.Dispose();
    }
}
