using System.Globalization;
using RemoteSwap.Store;
using RemoteSwap.Units;

namespace RemoteSwap.Server.Options;

/// <summary>Checks sections "Quotas" and "Tenants:NAME:Quotas" and turns them into values.</summary>
/// <param name="errors">Takes everything that is wrong.</param>
internal sealed class QuotaCheck(List<string> errors)
{
    /// <summary>Checks a section.</summary>
    /// <param name="path">The section's name.</param>
    /// <param name="section">The section as written.</param>
    /// <param name="otherwise">What holds where it says nothing.</param>
    public TenantQuotas Run(string path, QuotaSection section, TenantQuotas otherwise) => new()
    {
        Areas = Number($"{path}:Areas", section.Areas, otherwise.Areas),
        Pages = Number($"{path}:Pages", section.Pages, otherwise.Pages),
        Streams = Number($"{path}:Streams", section.Streams, otherwise.Streams),
        InFlightBytes = Size($"{path}:InFlight", section.InFlight, otherwise.InFlightBytes),
        CallsPerSecond = Number($"{path}:CallsPerSecond", section.CallsPerSecond, otherwise.CallsPerSecond),
        CallBurst = Number($"{path}:CallBurst", section.CallBurst, otherwise.CallBurst),
        BytesPerSecond = Size($"{path}:BytesPerSecond", section.BytesPerSecond, otherwise.BytesPerSecond),
    };

    private long Number(string name, string text, long otherwise)
    {
        if (text.Length == 0)
        {
            return otherwise;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            || number > TenantQuotas.Most)
        {
            errors.Add($"{name} is '{text}'; it must be a whole number from 0 (no bound) to {TenantQuotas.Most}");
        }

        return number;
    }

    private long Size(string name, string text, long otherwise)
    {
        if (text.Length == 0)
        {
            return otherwise;
        }

        if (!ByteSize.TryParse(text, out ByteSize size))
        {
            errors.Add($"{name} is '{text}'; it must be {ByteSize.Allowed}, 0 for no bound");
        }
        else if (size.Bytes > TenantQuotas.Most)
        {
            errors.Add($"{name} is '{text}'; it must be at most {new ByteSize(TenantQuotas.Most)}");
        }

        return size.Bytes;
    }
}
