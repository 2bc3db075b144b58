using System.CommandLine;
using System.CommandLine.Invocation;
using RemoteSwap.LoadGen.Options;

namespace RemoteSwap.LoadGen.Chaos.Options;

/// <summary>Prints the help of <c>chaos</c>, one screen of it.</summary>
internal sealed class ChaosHelpAction : SynchronousCommandLineAction
{
    /// <summary>The help.</summary>
    public const string Text = """
        remoteswap-loadgen chaos: kills, pauses and cuts off a page server while several workers store, load and
        invalidate the same slots of an attached area, and judges every answer by the contract.
        The server is a process of its own, on a Unix socket in a private directory behind a proxy; it ends with this
        one.

        remoteswap-loadgen chaos [options]

        What is done, in an order that the seed gives
          kill                  kill -9, then a new start: the memory is gone, and its pages are LOST, never empty
          pause                 SIGSTOP and SIGCONT; every second one is longer than a call may take
          reset, block_*        the connection is reset, or passes nothing to the server, to the client or either way
          take_over             a second client attaches; the former owner must be fenced
        Options
          --seed N              start of all random choices; always printed                  [random]
          --duration TIME       how long faults are done                                     [60s]
          --workers N           workers, all on the same slots                               [6]
          --slots N             slots, 64 to 65536                                           [512]
          --call-deadline TIME  the longest time that a call may take, 100ms to 1m           [2s]
          --spill               a spill file that is kept, and memory for a quarter of the slots: spilled pages
                                survive a kill; take more slots then
          --kills N             so many kills at random moments, and nothing else            [faults of all kinds]
        Output (results on stdout, progress on stderr)
          --json                results as JSON, schema remoteswap.chaos/1
          --version, --help

        The stall of a fault is the time until the first success of a call that began after it.
        Exit codes: 0 every answer was legal and work went on after every fault, 1 it did not, or could not be run,
        3 an answer was not legal, 64 usage, 130 stopped by Ctrl-C.

        Examples
          remoteswap-loadgen chaos
          remoteswap-loadgen chaos --seed 7 --duration 10m --workers 16 --json
          remoteswap-loadgen chaos --spill --slots 4096 --kills 200
        """;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine(Text);
        return ExitCode.Ok;
    }
}
