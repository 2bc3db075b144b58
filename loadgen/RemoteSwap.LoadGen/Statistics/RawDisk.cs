using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace RemoteSwap.LoadGen.Statistics;

/// <summary>
/// What fio gets out of a folder's file system with the I/O of a spill file: writes of 32 frames, reads of one at
/// random, both through the system's cache, from as many threads as the server uses.
/// </summary>
/// <param name="WriteBytesPerSecond">Writes of 128 KiB, four at a time.</param>
/// <param name="ReadsPerSecond">Random reads of 4 KiB of what was just written, eight at a time.</param>
internal sealed record RawDisk(double WriteBytesPerSecond, double ReadsPerSecond)
{
    private const string Seconds = "3";

    /// <summary>Asks fio.</summary>
    /// <param name="folder">The folder; files made there are deleted.</param>
    /// <param name="bytes">Bytes of its files together: as many as the spill file will have.</param>
    /// <returns>What it gets; null: there is no fio here, or it fails.</returns>
    public static async Task<RawDisk?> TryMeasureAsync(string folder, long bytes)
    {
        string size = FormattableString.Invariant($"--size={Math.Max(1 << 20, bytes / 4)}");
        JsonElement? write = await TryRunAsync(
            [$"--directory={folder}", "--name=raw", size, "--rw=write", "--bs=128k", "--numjobs=4"]);
        JsonElement? read = await TryRunAsync(
            [$"--directory={folder}", "--name=raw", size, "--rw=randread", "--bs=4k", "--numjobs=8", "--invalidate=0",
                "--unlink=1"]);
        foreach (string left in Directory.EnumerateFiles(folder, "raw.*"))
        {
            File.Delete(left);
        }

        return write is { } wrote && read is { } did
            ? new RawDisk(
                wrote.GetProperty("write").GetProperty("bw_bytes").GetDouble(),
                did.GetProperty("read").GetProperty("iops").GetDouble())
            : null;
    }

    private static async Task<JsonElement?> TryRunAsync(string[] arguments)
    {
        ProcessStartInfo start = new(
            "fio",
            [
                .. arguments, "--ioengine=psync", "--group_reporting", "--time_based", $"--runtime={Seconds}",
                "--output-format=json",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            using Process fio = Process.Start(start)!;
            Task<string> errors = fio.StandardError.ReadToEndAsync();
            string output = await fio.StandardOutput.ReadToEndAsync();
            await errors;
            await fio.WaitForExitAsync();
            return fio.ExitCode == 0
                ? JsonDocument.Parse(output).RootElement.GetProperty("jobs")[0]
                : null;
        }
        catch (Exception failed) when (failed is Win32Exception or JsonException)
        {
            return null;
        }
    }
}
