using System.Runtime.InteropServices;

namespace RemoteSwap.Store;

/// <summary>What a start found of an earlier life of the server. What was dropped is lost, never wrong.</summary>
/// <param name="Kept">Pages that are there again.</param>
/// <param name="Damaged">Pages dropped because their image is torn, or is not the one that was noted.</param>
/// <param name="Unreadable">Pages dropped because their image could not be read.</param>
/// <param name="Foreign">
/// Pages dropped because this server has no such tenant, area, slot or place, or does not believe the tenant.
/// </param>
/// <param name="Doubtful">Pages dropped because more than one image claims to be their slot's current page.</param>
/// <param name="Crowded">Pages dropped because memory has no room for their entries.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RestoredPages(
    long Kept, long Damaged, long Unreadable, long Foreign, long Doubtful, long Crowded)
{
    /// <summary>Pages dropped.</summary>
    public long Dropped => Damaged + Unreadable + Foreign + Doubtful + Crowded;
}
