using System.ComponentModel;
using System.Diagnostics;

namespace RemoteSwap.Nbd.Tests.Processes;

/// <summary>Runs other people's programs to their end; one that has none in time is killed, by its id.</summary>
internal static class Command
{
    private static readonly TimeSpan s_liveness = TimeSpan.FromSeconds(60);

    /// <summary>Runs a program; the test is skipped if it is not installed.</summary>
    public static async Task<ProcessResult> RunAsync(string program, params string[] args)
    {
        ProcessResult? result = await TryRunAsync(program, args);
        Skipping.Unless(result is not null, $"{program} is not installed");
        return result!;
    }

    /// <summary>Runs a program; null: there is none.</summary>
    public static async Task<ProcessResult?> TryRunAsync(string program, params string[] args)
    {
        ProcessStartInfo start = new(program, args)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }

        using (process)
        {
            Assert.NotNull(process);
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            using CancellationTokenSource bound = new(s_liveness);
            try
            {
                await process.WaitForExitAsync(bound.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"{program} did not end within {s_liveness}: {await errors}");
            }

            return new ProcessResult(process.ExitCode, await output, await errors);
        }
    }
}
