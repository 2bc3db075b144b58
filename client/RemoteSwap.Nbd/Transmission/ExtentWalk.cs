namespace RemoteSwap.Nbd.Transmission;

/// <summary>Asks a device for the extents of a range and joins neighbours of one kind.</summary>
internal static class ExtentWalk
{
    /// <summary>Collects the extents from the beginning of a range on.</summary>
    /// <param name="device">The device.</param>
    /// <param name="offset">The first byte, a multiple of <paramref name="unitBytes"/>.</param>
    /// <param name="length">How far, a multiple of <paramref name="unitBytes"/>.</param>
    /// <param name="unitBytes">Every extent is a multiple of it; a unit of several kinds counts as data.</param>
    /// <param name="maxLookups">How often the device is asked at most, because this runs before other requests.</param>
    /// <param name="extents">Room for the extents; neighbours differ.</param>
    /// <returns>How many there are, at least 1; they may cover only the beginning of the range.</returns>
    public static int Collect(
        INbdDevice device, long offset, long length, int unitBytes, int maxLookups, Span<Extent> extents)
    {
        int count = 0;
        for (int lookups = 0; length > 0 && lookups < maxLookups; lookups++)
        {
            Extent next = Next(device, offset, length, unitBytes);
            if (count > 0 && extents[count - 1].Kind == next.Kind)
            {
                extents[count - 1] = extents[count - 1] with { Length = extents[count - 1].Length + next.Length };
            }
            else if (count == extents.Length)
            {
                break;
            }
            else
            {
                extents[count++] = next;
            }

            offset += next.Length;
            length -= next.Length;
        }

        return count;
    }

    private static Extent Next(INbdDevice device, long offset, long length, int unitBytes)
    {
        (NbdExtentKind kind, long reach) = device.ExtentAt(offset, length);
        if (reach < 1 || reach > length)
        {
            throw new InvalidOperationException($"the device tells an extent of {reach} of {length} bytes at {offset}");
        }

        long whole = reach - (reach % unitBytes);
        return whole > 0 ? new Extent(whole, kind) : new Extent(unitBytes, NbdExtentKind.Data);
    }
}
