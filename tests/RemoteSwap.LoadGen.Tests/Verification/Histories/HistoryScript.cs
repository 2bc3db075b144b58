using Microsoft.Extensions.Time.Testing;
using RemoteSwap.LoadGen.Verification.Histories;

namespace RemoteSwap.LoadGen.Tests.Verification.Histories;

/// <summary>A history of one slot made by hand; time goes on by one step before each call.</summary>
internal sealed class HistoryScript
{
    private readonly FakeTimeProvider _clock = new();

    public HistoryScript()
    {
        Timeline = new AreaTimeline(_clock.GetTimestamp());
        Slot = new SlotHistory(7, _clock, Timeline);
    }

    public SlotHistory Slot { get; }

    public AreaTimeline Timeline { get; }

    public SlotOperation Store(ulong content, int session = 1)
    {
        Tick();
        return Slot.BeginWrite(SlotOperationKind.Store, content, session);
    }

    public SlotOperation Invalidate(int session = 1)
    {
        Tick();
        return Slot.BeginWrite(SlotOperationKind.Empty, 0, session);
    }

    public Violation? End(SlotOperation operation, WriteEffect effect = WriteEffect.Done)
    {
        Tick();
        return Slot.EndWrite(operation, effect, effect.ToString());
    }

    public void Stored(ulong content, WriteEffect effect = WriteEffect.Done) => End(Store(content), effect);

    public SlotRead Read(int session = 1)
    {
        Tick();
        return Slot.BeginRead(session);
    }

    public Violation? End(SlotRead read, SlotAnswer answer, ulong content = 0)
    {
        Tick();
        return Slot.EndRead(read, answer, content, answer.ToString(), out _);
    }

    public Violation? Page(ulong content) => End(Read(), SlotAnswer.Page, content);

    public Violation? Answer(SlotAnswer answer) => End(Read(), answer);

    public void LoseMemory()
    {
        Timeline.BeginLoss(Tick());
        Timeline.EndLoss(Tick());
    }

    public void TakeOver(int from)
    {
        Timeline.BeginFence(from, Tick());
        Timeline.EndFence(from, Tick());
        Slot.Fence(from);
    }

    private long Tick()
    {
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        return _clock.GetTimestamp();
    }
}
