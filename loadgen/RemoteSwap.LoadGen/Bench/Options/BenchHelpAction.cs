using System.CommandLine;
using System.CommandLine.Invocation;
using RemoteSwap.LoadGen.Options;

namespace RemoteSwap.LoadGen.Bench.Options;

/// <summary>Prints the help of <c>bench</c>, one screen of it.</summary>
internal sealed class BenchHelpAction : SynchronousCommandLineAction
{
    /// <summary>The help.</summary>
    public const string Text = """
        remoteswap-loadgen bench: measures the page server next to its ceilings. Server and client are processes of
        their own, on a Unix socket in a private directory; both end with this one.
        Every ratio is formed in each round from legs that ran one after the other; the median of the rounds counts.

        remoteswap-loadgen bench [SET...] [options]

        Sets
          headline              what counts, next to Ping, codec, memcpy, zram and peers     [this one]
          shapes                store, load, mixed; batches of 1, 8, 32, 128; 1 and 4 streams; zpages and raw pages
          growth                more pages (to 4 million), areas, tenants, callers
          latency               single pages, idle and loaded
          hostile               clients that never read or never stop, beside one that behaves
          fairness              quiet tenants within their guarantees, beside one that floods the server
          telemetry             the same work with metrics, traces and a scraper, and without
          tls                   the same work over TCP with TLS 1.3 and certificates on both ends, sealed, and without
          steady                a minute of full load: garbage and memory
          compact               churn to 1.2 pages a frame, then Compact while loads run: density and stalls
          all                   all of them
        Length
          --quick               a trial: small, short, and of no worth as a figure
          --repeat N            rounds that count, after one that does not                   [5]
          --seconds S           time of each leg in a round                                  [1.5]
          --working-set SIZE    frames that the pages lie in                                 [1GiB]
        Peers
          --against LIST        redis, garnet, memcached, nbdkit (separated by commas) or none; those whose program is
                                not on the PATH are left out                                 [redis,garnet]
        Output (results on stdout, progress on stderr)
          --json FILE           results as JSON, schema remoteswap.bench/1; - for stdout, instead of the text
          --html FILE           results as HTML
          --version, --help

        A goal that is missed is printed as short and is no failure: neighbours may have been busy.
        Exit codes: 0 measured, 1 something could not be measured, 3 pages were refused or came back wrong, 64 usage,
        130 stopped by Ctrl-C.

        Examples
          remoteswap-loadgen bench --json bench.json --html bench.html
          remoteswap-loadgen bench shapes growth --repeat 3 --seconds 1
          remoteswap-loadgen bench --against redis,nbdkit,garnet,memcached --working-set 2GiB
        """;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(Text);
        return ExitCode.Ok;
    }
}
