using System.Diagnostics;
using RemoteSwap.Client;
using RemoteSwap.Nbd;

namespace RemoteSwap.Device;

/// <summary>
/// The one table from what the page server says to what the guest is told. A page that can not be given back is an I/O
/// error for that request; a page that is refused is "no space", on which QEMU by default stops the machine until its
/// operator has made room.
/// </summary>
internal static class DeviceOutcome
{
    private const string FencedWords =
        "another device has attached to the area, or this one was silent for too long; it can do nothing any more";

    /// <summary>What a store's refusal is to the guest.</summary>
    public static NbdResult Of(StoreOutcome outcome, long slot) => outcome switch
    {
        StoreOutcome.Stored or StoreOutcome.SameFilled => NbdResult.Success,
        StoreOutcome.Stale => new(
            NbdError.InputOutput, $"page {slot}: the area has a newer page; is another device attached to it?"),
        StoreOutcome.TenantLimit => new(
            NbdError.NoSpace, $"page {slot}: the tenant is at its limit; raise it, or reclaim"),
        StoreOutcome.PoolLimit => new(
            NbdError.NoSpace, $"page {slot}: the server is at its limit; raise it, or reclaim"),
        StoreOutcome.PageQuota => new(
            NbdError.NoSpace, $"page {slot}: the tenant has as many pages as its quota allows; raise it, or trim"),
        StoreOutcome.CompressPoor => new(
            NbdError.NoSpace, $"page {slot}: it does not compress and the tenant's policy rejects such pages"),
        StoreOutcome.AllocFail or StoreOutcome.MetadataFail => new(
            NbdError.NoSpace, $"page {slot}: the server has no memory for it ({outcome})"),
        StoreOutcome.Disabled => new(NbdError.NoSpace, $"page {slot}: the tenant takes no new pages"),
        StoreOutcome.Draining => new(NbdError.NoSpace, $"page {slot}: the server is shutting down"),
        StoreOutcome.Invariant => new(
            NbdError.InputOutput, $"page {slot}: an internal check of the tenant's pool failed; see the server's log"),
        StoreOutcome.Fenced => new(NbdError.InputOutput, Fenced(slot)),
        _ => new(NbdError.InputOutput, $"page {slot}: {outcome}"),
    };

    /// <summary>What it is to the guest that a page was not loaded.</summary>
    public static NbdResult Of(LoadOutcome outcome, long slot)
    {
        Debug.Assert(outcome != LoadOutcome.Loaded, "a page that was loaded is no failure");
        return new NbdResult(NbdError.InputOutput, outcome switch
        {
            LoadOutcome.NotFound =>
                $"page {slot} is lost: the server had acknowledged it and has it no more; was it restarted?",
            LoadOutcome.Lost =>
                $"page {slot} is lost: it was stored, and the server has it no more, or only an older one; it lost its "
                + "memory when it was restarted. Write or trim the page to use it again",
            LoadOutcome.Fenced => Fenced(slot),
            LoadOutcome.Corrupt => $"page {slot} is damaged: it did not verify; see the server's log",
            LoadOutcome.IoError => $"page {slot}: the server could not read it from its spill file",
            LoadOutcome.Invariant =>
                $"page {slot}: an internal check of the tenant's pool failed; see the server's log",
            _ => $"page {slot}: {outcome}",
        });
    }

    /// <summary>What it is to the guest that a page was lost when it was written over.</summary>
    public static NbdResult Lost(long slot) => new(
        NbdError.InputOutput, $"page {slot} is lost: it was refused when it was last written");

    /// <summary>
    /// What it is to the guest that a slot is empty of which nothing is known, where pages of the area were lost.
    /// </summary>
    public static NbdResult Doubtful(long slot) => new(
        NbdError.InputOutput,
        $"page {slot} may be lost: the server has none, and pages of the area went with its memory when it was "
        + "restarted. Write or trim the page to use it again");

    /// <summary>What it is to the guest that a call failed as a whole.</summary>
    public static NbdResult Of(RemoteSwapException failure) => failure.Error switch
    {
        RemoteSwapError.PermissionDenied or RemoteSwapError.Unauthenticated =>
            new(NbdError.NotPermitted, failure.Message),
        RemoteSwapError.Fenced => new(NbdError.InputOutput, $"{FencedWords}: {failure.Message}"),
        _ => new(NbdError.InputOutput, failure.Message),
    };

    private static string Fenced(long slot) => $"page {slot}: {FencedWords}";
}
