using System.Globalization;

namespace RemoteSwap.LoadGen.Bench.Ceilings;

/// <summary>
/// A zram device of our own with lz4, which is taken away again: nobody's swap is touched. Only as root, and only where
/// the kernel has zram.
/// </summary>
internal sealed class ZramDevice : IDisposable
{
    private const string Control = "/sys/class/zram-control";
    private const string Codec = "lz4";

    private readonly int _number;

    private ZramDevice(int number) => _number = number;

    /// <summary>The device.</summary>
    public string Path => FormattableString.Invariant($"/dev/zram{_number}");

    /// <summary>Makes a device.</summary>
    /// <param name="bytes">Its size.</param>
    /// <returns>The device; null, and why there is none.</returns>
    public static (ZramDevice? Device, string Reason) TryMake(long bytes)
    {
        if (!Directory.Exists(Control))
        {
            return (null, "this kernel has no zram, or its module is not loaded");
        }

        ZramDevice? device = null;
        try
        {
            device = new ZramDevice(
                int.Parse(File.ReadAllText(Control + "/hot_add").Trim(), CultureInfo.InvariantCulture));
            device.Set("comp_algorithm", Codec);
            device.Set("disksize", bytes.ToString(CultureInfo.InvariantCulture));
            if (File.Exists(device.Path))
            {
                return (device, string.Empty);
            }

            device.Dispose();
            return (null, $"there is no {device.Path}");
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            device?.Dispose();
            return (null, $"a zram device can not be made: {failed.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Set("reset", "1");
        File.WriteAllText(Control + "/hot_remove", _number.ToString(CultureInfo.InvariantCulture));
    }

    private void Set(string attribute, string value) =>
        File.WriteAllText(FormattableString.Invariant($"/sys/block/zram{_number}/{attribute}"), value);
}
