using RemoteSwap.Store;
using RemoteSwap.Units;

namespace RemoteSwap.Server.Hosting;

/// <summary>
/// Says how far a drain or a start with drained pages has come, at most once a second, and what became of it at its
/// end.
/// </summary>
internal sealed class WarmReport(TextWriter output, TimeProvider time, string begun) : IProgress<WarmProgress>
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private long _said = time.GetTimestamp();

    /// <inheritdoc/>
    public void Report(WarmProgress value)
    {
        if (time.GetElapsedTime(_said) >= s_interval)
        {
            _said = time.GetTimestamp();
            output.WriteLine($"remoteswap-server: {begun}: {100 * value.Images / Math.Max(1, value.AllImages)} %");
        }
    }

    /// <summary>Says what a start has brought back, if anything was there.</summary>
    public void Started(WarmResult result)
    {
        if (result != default)
        {
            Say("brought back", result);
        }
    }

    /// <summary>Says what a drain has written.</summary>
    public void Drained(WarmResult result)
    {
        Say("drained", result);
        if (result.WasHung)
        {
            output.WriteLine(
                $"remoteswap-server: the spill file's disk did not answer in time: {result.PagesAtRisk} pages that lie "
                + "there alone are AT RISK; all that was in memory is written");
        }
    }

    private void Say(string done, WarmResult result)
    {
        output.WriteLine($"remoteswap-server: {done} {result.Pages} pages, {new ByteSize(result.Bytes)} of images in "
            + $"{result.Elapsed.TotalSeconds:0.00} s ({result.SecondsPerGiB:0.00} s a GiB)");
        if (result.LostPages > 0)
        {
            output.WriteLine(
                $"remoteswap-server: at least {result.LostPages} pages are LOST; clients that ask for one are told so");
        }
    }
}
