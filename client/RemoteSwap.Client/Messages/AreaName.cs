using RemoteSwap.Client.Records;
using RemoteSwap.V1;
using RemoteSwap.Wire;
using Encoding = System.Text.Encoding;

namespace RemoteSwap.Client.Messages;

/// <summary>
/// Whose pages a request is about, in the form in which every request says it, and what is known of them here.
/// </summary>
/// <param name="tenant">The tenant.</param>
/// <param name="area">The area.</param>
/// <param name="epoch">The attach epoch; 0: none.</param>
/// <param name="record">The record of what was stored; null: there is none, and the server is believed.</param>
internal sealed class AreaName(string tenant, uint area, ulong epoch = 0, PageRecord? record = null)
{
    private const int MaxEpochBytes = 1 + 10;
    private const int MaxAreaBytes = 1 + 5;
    private const int MaxTenantLengthBytes = 1 + 2;

    private readonly byte[] _tenant = Encoding.UTF8.GetBytes(tenant);

    /// <summary>The area.</summary>
    public uint Area => area;

    /// <summary>The attach epoch; 0: none.</summary>
    public ulong Epoch => epoch;

    /// <summary>The most bytes that <see cref="Write"/> takes.</summary>
    public int MaxBytes => MaxTenantLengthBytes + _tenant.Length + MaxAreaBytes + MaxEpochBytes;

    /// <summary>The record of what was stored; null: there is none.</summary>
    public PageRecord? Record => record;

    /// <summary>Writes tenant, area and epoch, which have the same numbers in all requests.</summary>
    public void Write(ref MessageWriter writer)
    {
        writer.WriteBytes(StoreRequest.TenantFieldNumber, _tenant);
        writer.WriteNumber(StoreRequest.AreaFieldNumber, area);
        writer.WriteNumber(StoreRequest.AttachEpochFieldNumber, epoch);
    }

    /// <summary>What a call is about, should it fail.</summary>
    public CallSubject Subject(string verb, ReadOnlyMemory<ulong> slots = default) => new(verb, tenant, area, slots);
}
