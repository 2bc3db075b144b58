using RemoteSwap.Units;

namespace RemoteSwap.LoadGen.Reports;

/// <summary>What a reader of the figures must know so as not to be misled by them.</summary>
internal static class ReportRemarks
{
    /// <summary>The remarks on a run.</summary>
    public static IEnumerable<string> Of(RunRecord run)
    {
        bool embedded = run.Options.Server is null;
        if (embedded)
        {
            yield return "One process serves both ends: client, server and verifier share the cores, so a server "
                + "of its own does better, and no network is in between, so latency over one is higher.";
        }

        yield return "MB/s are raw page bytes in units of 1,000,000. Latency is that of a call of a whole batch, taken "
            + "in the load generator.";
        yield return "The ping ceiling is a call of the same shape and the mean zpage size that stores nothing: what "
            + "gRPC and the transport allow with as many workers. It carries no page work on either side.";
        if (run.Memory is not null)
        {
            yield return embedded
                ? "Resident memory: growth of this whole process from before the first page was swapped out, after a "
                    + "full garbage collection and with source pages, buffers and connections in place, to after the "
                    + "last one, without a collection. It counts frames, index, and whatever client and server "
                    + "buffered or left to the collector."
                : "Resident memory: growth of the server's process from before the first page was swapped out to "
                    + "after the last one, whoever else it served.";
        }
        else
        {
            yield return "The server told no statistics, so there are no memory figures.";
        }

        if (run.Corpus.Count < run.Pages)
        {
            yield return FormattableString.Invariant(
                $"There were {run.Corpus.Count:N0} source pages for {run.Pages:N0} pages: each was used ")
                + FormattableString.Invariant($"{(double)run.Pages / run.Corpus.Count:0.0} times on average.");
        }

        if (run.TimerLateness is TimeSpan lateness)
        {
            yield return "Open loop: latency counts from the intended start, also of calls that had to wait for "
                + $"the one before. This program's timer started calls late by {DurationText.Format(lateness)} "
                + "at the median, which is part of the latency.";
        }

        if (run.Options.AllowRefusals)
        {
            yield return "Refused pages were allowed (--allow-refusals): their slots must be empty, which was checked.";
        }

        if (run.GaveUp)
        {
            yield return "The run gave up because of failed calls: phases are shorter than asked for, or missing.";
        }

        if (run.Interrupted)
        {
            yield return "Stopped by the user: phases are shorter than asked for, or missing.";
        }
    }
}
