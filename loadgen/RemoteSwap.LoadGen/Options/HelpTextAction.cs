using System.CommandLine;
using System.CommandLine.Invocation;

namespace RemoteSwap.LoadGen.Options;

/// <summary>Prints the help, one screen of it, grouped by question instead of by alphabet.</summary>
internal sealed class HelpTextAction : SynchronousCommandLineAction
{
    /// <summary>The help.</summary>
    public const string Text = """
        remoteswap-loadgen: swaps real pages out to a page server and back, checks every byte, says what it cost.
        Without arguments it starts a server in this process and swaps 256 MiB of this computer's own pages.
        remoteswap-loadgen bench measures the server next to its ceilings; bench --help says how.
        remoteswap-loadgen chaos kills, pauses and cuts off a server while its answers are checked; chaos --help.

        Server
          --server URI          a running server (http://HOST:PORT or remoteswap[s]://HOST:PORT/TENANT)
          --ca, --cert, --key, --token-file FILE, --tls-server-name NAME   with it: TLS and who we are
                                [$REMOTESWAP_CA, $REMOTESWAP_CERT, $REMOTESWAP_KEY, $REMOTESWAP_TOKEN_FILE]
          --tenant NAME         tenant, repeatable: each has its own area and workers        [default]
          --area N              area of each tenant that is written to and emptied           [0]
          --overwrite           with --server: go ahead although a tenant stores pages
          --memory SIZE         limit of the server in this process                          [fits all pages]
          --spill FOLDER        where that server's spill file is made, for pages beyond --memory; areas are attached
          --allow-refusals      refused pages are part of the experiment and no failure
        Pages
          --pages N, --data SIZE   how much to swap out, all tenants together                [256MiB]
          --area-size SIZE      slots of an area, 4KiB each                                  [as the pages]
          --source S            files[:DIR] | self | pid:N | synthetic:RATIO, repeatable     [self files]
        Load
          --workers N           workers of each tenant, each with one call on the way        [8]
          --batch N             pages of a call, 1 to 512                                    [32]
          --read-percent N      loads of the mixed phase; the rest are stores                [50]
          --distribution D      uniform | zipf | sequential | scan (every 2nd access hot)    [zipf]
          --hot-percent N       with scan: share of slots that are hot                       [10]
          --duration TIME, --count N   length of the mixed phase in time or pages            [10s]
          --rate N              open loop: N pages/s start, latency counts from the intended start
          --seed N              start of all random choices; always printed                  [random]
        Output (results on stdout, progress on stderr)
          --json                results as JSON, schema remoteswap.loadgen/1
          --html FILE           report with plots
          --hgrm PREFIX         HdrHistogram percentile files PREFIX-store.hgrm, ...
          --quiet, --no-color   no progress; no colours (NO_COLOR works too)
          --version, --help

        Exit codes: 0 ok, 1 failed or refused, 3 a page came back wrong or was lost, 64 usage, 69 server unavailable,
        77 a source may not be read. First Ctrl-C: stop and sum up; second: quit (130).

        Examples
          remoteswap-loadgen --data 1GiB --workers 16 --html report.html
          remoteswap-loadgen --server http://127.0.0.1:7420 --tenant vm1 --tenant vm2 --rate 20000 --duration 1m
          remoteswap-loadgen --source synthetic:3 --source synthetic:1 --distribution scan --json | jq .phases
        """;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(Text);
        return ExitCode.Ok;
    }
}
