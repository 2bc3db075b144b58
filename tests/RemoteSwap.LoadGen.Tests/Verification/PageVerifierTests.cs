using RemoteSwap.Client;
using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Sources;
using RemoteSwap.LoadGen.Tests.Sources;
using RemoteSwap.LoadGen.Verification;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Verification;

public sealed class PageVerifierTests
{
    private readonly PageCorpus _corpus = CorpusBuilder.Build(
        [.. Enumerable.Range(1, 5).Select(fill => new FixedSource(PageKind.Text, 1, (byte)fill))],
        5,
        CancellationToken.None);

    private readonly SlotLedger _ledger = new(8);
    private readonly PageVerifier _verifier;

    public PageVerifierTests() => _verifier = new PageVerifier(_corpus, _ledger, "vm1", firstSlot: 100);

    [Fact]
    public void The_acknowledged_page_is_right()
    {
        _ledger.Stored(2, 4);
        _verifier.Check(2, LoadOutcome.Loaded, _corpus.Page(4));

        Assert.Equal(1, _verifier.Compared);
        Assert.Equal(0, _verifier.Wrong);
    }

    [Fact]
    public void One_wrong_byte_is_found_and_shown()
    {
        _ledger.Stored(2, 0);
        byte[] page = _corpus.Page(0).ToArray();
        page[4_095] ^= 0x80;
        _verifier.Check(2, LoadOutcome.Loaded, page);

        Mismatch mismatch = Assert.Single(_verifier.Mismatches);
        Assert.Equal(1, _verifier.Wrong);
        Assert.Equal((MismatchKind.WrongBytes, 102ul, 4_095, "01", "81"),
            (mismatch.Kind, mismatch.Slot, mismatch.Offset, mismatch.Expected, mismatch.Got));
        Assert.StartsWith(
            "tenant vm1 slot 102: wrong bytes at byte 4095: expected 01, got 81",
            mismatch.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_older_page_another_slots_page_and_zeroes_are_told_apart()
    {
        _ledger.Stored(0, 1);
        _ledger.Stored(1, 2);
        _verifier.Check(0, LoadOutcome.Loaded, _corpus.Page(2));
        _verifier.Check(0, LoadOutcome.Loaded, _corpus.Page(3));
        _verifier.Check(0, LoadOutcome.Loaded, new byte[PageSize.Bytes]);

        Assert.Equal(
            ["the page of slot 101", "source page 3", "all zeroes"],
            _verifier.Mismatches.Select(mismatch => mismatch.Remark),
            StringComparer.Ordinal);
    }

    [Fact]
    public void An_acknowledged_page_that_is_gone_or_corrupt_is_wrong()
    {
        _ledger.Stored(0, 1);
        _verifier.Check(0, LoadOutcome.NotFound, default);
        _verifier.Check(0, LoadOutcome.Corrupt, default);

        Assert.Equal([MismatchKind.Lost, MismatchKind.Corrupt], _verifier.Mismatches.Select(mismatch => mismatch.Kind));
    }

    [Fact]
    public void An_empty_slot_must_be_empty()
    {
        _verifier.Check(0, LoadOutcome.NotFound, default);
        Assert.Equal((1, 0), (_verifier.EmptyAsExpected, _verifier.Wrong));

        _verifier.Check(0, LoadOutcome.Loaded, _corpus.Page(0));
        Assert.Equal(MismatchKind.NotEmpty, Assert.Single(_verifier.Mismatches).Kind);
    }

    [Fact]
    public void A_slot_in_doubt_may_hold_the_old_page_the_new_one_or_none_and_no_other()
    {
        _ledger.Stored(0, 1);
        _ledger.StoreInDoubt(0, 2);
        _verifier.Check(0, LoadOutcome.Loaded, _corpus.Page(1));
        _verifier.Check(0, LoadOutcome.Loaded, _corpus.Page(2));
        _verifier.Check(0, LoadOutcome.NotFound, default);
        Assert.Equal(0, _verifier.Wrong);

        _verifier.Check(0, LoadOutcome.Loaded, _corpus.Page(3));
        Assert.Equal(1, _verifier.Wrong);
    }

    [Fact]
    public void A_page_that_could_not_be_read_is_no_wrong_page()
    {
        _ledger.Stored(0, 1);
        _verifier.Check(0, LoadOutcome.IoError, default);

        Assert.Equal((0, 0), (_verifier.Wrong, _verifier.Compared));
    }

    [Fact]
    public void All_mismatches_are_counted_and_few_are_kept()
    {
        _ledger.Stored(0, 1);
        for (int i = 0; i < 100; i++)
        {
            _verifier.Check(0, LoadOutcome.NotFound, default);
        }

        Assert.Equal(100, _verifier.Wrong);
        Assert.Equal(PageVerifier.MaxMismatches, _verifier.Mismatches.Count);
    }
}
