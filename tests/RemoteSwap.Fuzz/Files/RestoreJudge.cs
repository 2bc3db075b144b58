using RemoteSwap.Fuzz.Core;
using RemoteSwap.Store;

namespace RemoteSwap.Fuzz.Files;

/// <summary>
/// What a start may make of damaged files: it refuses them in words, or it serves pages of which every one is what was
/// stored there; and its books balance.
/// </summary>
internal static class RestoreJudge
{
    /// <summary>Judges a store that has begun.</summary>
    /// <param name="store">The store.</param>
    /// <param name="isForged">Checksums were made anew after the damage, so other bytes may be proven.</param>
    public static void Judge(PageStore store, bool isForged)
    {
        Tenant tenant = store.Tenants[0];
        FindingException.Unless(tenant.Poison is null, $"the tenant is not served: {tenant.Poison}");

        // A forged image is a frame like any other; that its zpages are none is found out when they are asked for.
        IReadOnlyList<string> violations = StoreAudit.Run(tenant, deep: !isForged).Violations;
        FindingException.Unless(violations.Count == 0, violations.Count == 0 ? "" : violations[0]);
        for (ulong slot = 0; slot < LeftFiles.Pages; slot++)
        {
            LoadBatch batch = new() { Count = 1 };
            batch.Slots[0] = slot;
            store.LoadAsync(tenant, batch).AsTask().GetAwaiter().GetResult();
            if (batch.Outcomes[0] != LoadOutcome.Loaded || isForged)
            {
                continue;
            }

            FindingException.Unless(
                batch.Pages[0].Generation.Value == LeftFiles.GenerationOf(slot)
                && batch.Zpages.Span.SequenceEqual(LeftFiles.ZpageOf(slot)),
                $"slot {slot} came back with other bytes");
        }
    }
}
