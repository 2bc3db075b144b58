namespace RemoteSwap.Store;

/// <summary>A page of a listing.</summary>
/// <param name="Slot">Its slot.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="PageChecksum">Its page checksum; null: it is spilled, and the checksum with it.</param>
/// <param name="IsEvicted">Whether an owner of the area keeps it.</param>
public readonly record struct ListedPage(Slot Slot, Generation Generation, uint? PageChecksum, bool IsEvicted);
