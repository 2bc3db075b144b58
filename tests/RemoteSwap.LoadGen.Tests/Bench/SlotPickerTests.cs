using CsCheck;
using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Lanes;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Bench;

public sealed class SlotPickerTests
{
    private static readonly Gen<WorkJob> s_jobs =
        from tenants in Gen.Int[1, 4]
        from areas in Gen.Int[1, 5]
        from callers in Gen.Int[1, 12]
        from batch in Gen.Int[1, 16]
        from slots in Gen.Int[batch * callers, batch * callers * 4]
        select new WorkJob
        {
            Kind = WorkKind.Store,
            Tenants = tenants,
            Areas = areas,
            Callers = callers,
            Batch = batch,
            StoredPages = (long)slots * tenants * areas,
        };

    [Fact]
    public void No_two_callers_pick_the_same_slot_and_none_picks_one_twice_or_outside_of_the_working_set() =>
        s_jobs.Sample(job =>
        {
            Dictionary<(int Place, ulong Slot), int> owners = [];
            for (int caller = 0; caller < job.Callers; caller++)
            {
                SlotPicker picker = new(job, caller, new SeededRandom((ulong)caller));
                ulong[] slots = new ulong[job.Batch];
                for (int call = 0; call < 20; call++)
                {
                    int place = picker.Pick(slots);

                    Assert.InRange(place, 0, (job.Tenants * job.Areas) - 1);
                    Assert.Equal(slots.Length, slots.Distinct().Count());
                    Assert.All(slots, slot => Assert.True(slot < (ulong)SlotPicker.SlotsOfPlace(job)));
                    foreach (ulong slot in slots)
                    {
                        owners.TryAdd((place, slot), caller);
                        Assert.Equal(caller, owners[(place, slot)]);
                    }
                }
            }
        });

    [Fact]
    public void Filling_stores_every_slot_of_the_working_set_once() => s_jobs.Sample(job =>
    {
        (int, ulong)[] filled =
        [
            .. from caller in Enumerable.Range(0, job.Callers)
               from run in SlotRuns.Of(job, caller)
               from slot in Enumerable.Range(0, run.Count)
               select (run.Place, run.First + (ulong)slot),
        ];

        Assert.Equal(job.StoredPages, filled.Length);
        Assert.Equal(filled.Length, filled.Distinct().Count());
        Assert.All(filled, slot => Assert.True(slot.Item2 < (ulong)SlotPicker.SlotsOfPlace(job)));
    });
}
