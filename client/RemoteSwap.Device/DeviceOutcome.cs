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
        StoreOutcome.CompressPoor => new(
            NbdError.NoSpace, $"page {slot}: it does not compress and the tenant's policy rejects such pages"),
        StoreOutcome.AllocFail or StoreOutcome.MetadataFail => new(
            NbdError.NoSpace, $"page {slot}: the server has no memory for it ({outcome})"),
        StoreOutcome.Disabled => new(NbdError.NoSpace, $"page {slot}: the tenant takes no new pages"),
        StoreOutcome.Draining => new(NbdError.NoSpace, $"page {slot}: the server is shutting down"),
        StoreOutcome.Invariant => new(
            NbdError.InputOutput, $"page {slot}: an internal check of the tenant's pool failed; see the server's log"),
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

    /// <summary>What it is to the guest that a call failed as a whole.</summary>
    public static NbdResult Of(RemoteSwapException failure) => new(
        failure.Error == RemoteSwapError.PermissionDenied ? NbdError.NotPermitted : NbdError.InputOutput,
        failure.Message);
}
