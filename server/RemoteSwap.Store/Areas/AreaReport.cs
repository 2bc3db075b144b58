namespace RemoteSwap.Store;

/// <summary>One area that has an owner.</summary>
/// <param name="Area">The area.</param>
/// <param name="Holder">The owner, as it says itself.</param>
/// <param name="Epoch">The owner's epoch.</param>
/// <param name="SilentFor">For how long it has not been heard of.</param>
/// <param name="FreedIn">Of an orphan: until its pages are dropped; else null.</param>
/// <param name="Pages">Pages stored.</param>
public readonly record struct AreaReport(
    AreaId Area, string Holder, AttachEpoch Epoch, TimeSpan SilentFor, TimeSpan? FreedIn, long Pages);
