using RemoteSwap.Client;
using RemoteSwap.Codec;
using RemoteSwap.LoadGen.Verification.Histories;

namespace RemoteSwap.LoadGen.Chaos.Load;

/// <summary>
/// Makes one call at a time and writes down what it was told in the histories: before the call that each of its slots
/// is touched, after it what became of each. One for each worker; its buffers are used again.
/// </summary>
internal sealed class ChaosCalls(ChaosBed bed)
{
    /// <summary>Most pages of a call.</summary>
    public const int MaxPages = 16;

    /// <summary>The outcome's name of a page that was stored.</summary>
    public const string PageStored = $"store {nameof(StoreOutcome.Stored)}";

    private readonly ulong[] _contents = new ulong[MaxPages];
    private readonly SlotOperation[] _writes = new SlotOperation[MaxPages];
    private readonly SlotRead[] _reads = new SlotRead[MaxPages];
    private readonly byte[] _bytes = new byte[MaxPages * PageSize.Bytes];

    /// <summary>Stores pages that no other store has.</summary>
    /// <returns>Whether the call was answered.</returns>
    public async Task<bool> StoreAsync(AreaOwner owner, ReadOnlyMemory<ulong> slots)
    {
        for (int i = 0; i < slots.Length; i++)
        {
            ulong slot = slots.Span[i];
            _contents[i] = bed.NextContent();
            bed.Pages.Write(_contents[i], slot, Page(i));
            _writes[i] = bed.History.BeginStore(slot, _contents[i], owner.Session);
        }

        long began = bed.Clock.GetTimestamp();
        try
        {
            StoreOutcome[] outcomes = await owner.Target.StoreAsync(
                slots, _bytes.AsMemory(0, slots.Length * PageSize.Bytes), CancellationToken.None);
            for (int i = 0; i < slots.Length; i++)
            {
                EndWrite(slots.Span[i], i, "store", outcomes[i].ToString(), CallEffects.Of(outcomes[i]));
            }

            ReportSuccess(began, outcomes.Any(o => o is StoreOutcome.Stored or StoreOutcome.SameFilled));
            return true;
        }
        catch (RemoteSwapException failure)
        {
            FailWrites(slots, "store", failure);
            return false;
        }
    }

    /// <summary>Invalidates slots.</summary>
    /// <returns>Whether the call was answered.</returns>
    public async Task<bool> InvalidateAsync(AreaOwner owner, ReadOnlyMemory<ulong> slots)
    {
        for (int i = 0; i < slots.Length; i++)
        {
            _writes[i] = bed.History.BeginInvalidate(slots.Span[i], owner.Session);
        }

        long began = bed.Clock.GetTimestamp();
        try
        {
            InvalidateOutcome[] outcomes = await owner.Target.InvalidateAsync(slots, CancellationToken.None);
            for (int i = 0; i < slots.Length; i++)
            {
                EndWrite(slots.Span[i], i, "invalidate", outcomes[i].ToString(), CallEffects.Of(outcomes[i]));
            }

            ReportSuccess(began, outcomes.Any(o => o is InvalidateOutcome.Invalidated or InvalidateOutcome.NotFound));
            return true;
        }
        catch (RemoteSwapException failure)
        {
            FailWrites(slots, "invalidate", failure);
            return false;
        }
    }

    /// <summary>Loads slots and has the answers judged.</summary>
    /// <returns>Whether the call was answered.</returns>
    public async Task<bool> LoadAsync(AreaOwner owner, ReadOnlyMemory<ulong> slots)
    {
        for (int i = 0; i < slots.Length; i++)
        {
            _reads[i] = bed.History.BeginRead(slots.Span[i], owner.Session);
        }

        long began = bed.Clock.GetTimestamp();
        try
        {
            LoadOutcome[] outcomes = await owner.Target.LoadAsync(
                slots, _bytes.AsMemory(0, slots.Length * PageSize.Bytes), CancellationToken.None);
            ulong newest = bed.NewestContent;
            for (int i = 0; i < slots.Length; i++)
            {
                bool isPage = outcomes[i] == LoadOutcome.Loaded;
                ulong content = isPage ? bed.Pages.Identify(Page(i), newest) : StampedPages.Unknown;
                string words = isPage ? PageWords(i, content) : outcomes[i].ToString();
                bed.History.EndRead(slots.Span[i], _reads[i], CallEffects.Of(outcomes[i]), content, words);
                bed.Outcomes.Add($"load {outcomes[i]}");
            }

            ReportSuccess(began, outcomes.Any(o => o == LoadOutcome.Loaded));
            return true;
        }
        catch (RemoteSwapException failure)
        {
            SlotAnswer answer = failure.Error == RemoteSwapError.Fenced ? SlotAnswer.Fenced : SlotAnswer.Unavailable;
            for (int i = 0; i < slots.Length; i++)
            {
                bed.History.EndRead(slots.Span[i], _reads[i], answer, StampedPages.Unknown, failure.Message);
                bed.Outcomes.Add($"load call failed {failure.Error}");
            }

            return false;
        }
    }

    private Span<byte> Page(int i) => _bytes.AsSpan(i * PageSize.Bytes, PageSize.Bytes);

    private string PageWords(int i, ulong content)
    {
        if (content != StampedPages.Unknown)
        {
            return $"the page of store {content}";
        }

        return Page(i).IndexOfAnyExcept((byte)0) < 0 ? "zeroes" : "bytes that were never stored";
    }

    private void ReportSuccess(long began, bool isSuccess)
    {
        if (isSuccess)
        {
            bed.Successes.Succeeded(began);
        }
    }

    private void FailWrites(ReadOnlyMemory<ulong> slots, string verb, RemoteSwapException failure)
    {
        WriteEffect effect = failure.Error == RemoteSwapError.Fenced ? WriteEffect.Fenced : WriteEffect.Unknown;
        for (int i = 0; i < slots.Length; i++)
        {
            EndWrite(slots.Span[i], i, verb, $"call failed {failure.Error}", effect);
        }
    }

    private void EndWrite(ulong slot, int i, string verb, string outcome, WriteEffect effect)
    {
        bed.History.EndWrite(slot, _writes[i], effect, outcome);
        bed.Outcomes.Add($"{verb} {outcome}");
    }
}
