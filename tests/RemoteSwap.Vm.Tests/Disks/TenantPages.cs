using System.Globalization;
using System.Text.Json;

namespace RemoteSwap.Vm.Tests.Disks;

/// <summary>What the server says a tenant has stored.</summary>
internal sealed record TenantPages(long Stored, long Stores, long Loads, long Corrupt)
{
    /// <summary>Asks the server's management port.</summary>
    public static async Task<TenantPages> OfAsync(Uri management, string tenant)
    {
        using HttpClient client = new();
        using JsonDocument answer = JsonDocument.Parse(
            await client.GetStringAsync(new Uri(management, $"/admin/tenants/{tenant}")));
        return new TenantPages(
            Number("stored_pages"), Number("stores"), Number("loads"), Number("corrupt_pages"));

        // 64-bit numbers are strings in the JSON of protobuf.
        long Number(string name) =>
            long.Parse(answer.RootElement.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
    }
}
