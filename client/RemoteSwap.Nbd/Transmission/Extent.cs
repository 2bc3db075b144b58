namespace RemoteSwap.Nbd.Transmission;

/// <summary>A run of bytes of one kind.</summary>
/// <param name="Length">How many bytes.</param>
/// <param name="Kind">Their kind.</param>
internal readonly record struct Extent(long Length, NbdExtentKind Kind);
