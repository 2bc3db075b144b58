using Xunit;

namespace RemoteSwap.Codec.Tests;

/// <summary>Whatever bytes a peer sends as a block: they are refused, or they are one page.</summary>
public sealed class BlockFuzzTests
{
    private const int Cases = 240_000;

    [Fact]
    public void Whatever_is_accepted_decodes_to_one_page_and_nothing_is_written_outside_it()
    {
        int accepted = BlockFuzzProbe.Run(Cases);

        TestContext.Current.TestOutputHelper?.WriteLine($"{Cases} cases, {accepted} accepted");

        // Both verdicts are well represented, or the fuzz has nothing to say.
        Assert.InRange(accepted, Cases / 20, Cases - (Cases / 20));
    }
}
