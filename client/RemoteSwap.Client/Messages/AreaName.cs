using RemoteSwap.V1;
using RemoteSwap.Wire;
using Encoding = System.Text.Encoding;

namespace RemoteSwap.Client.Messages;

/// <summary>Whose pages a request is about, in the form in which every request says it.</summary>
/// <param name="tenant">The tenant.</param>
/// <param name="area">The area.</param>
internal sealed class AreaName(string tenant, uint area)
{
    private const int MaxAreaBytes = 1 + 5;
    private const int MaxTenantLengthBytes = 1 + 2;

    private readonly byte[] _tenant = Encoding.UTF8.GetBytes(tenant);

    /// <summary>The area.</summary>
    public uint Area => area;

    /// <summary>The most bytes that <see cref="Write"/> takes.</summary>
    public int MaxBytes => MaxTenantLengthBytes + _tenant.Length + MaxAreaBytes;

    /// <summary>Writes tenant and area, which have the same numbers in all requests.</summary>
    public void Write(ref MessageWriter writer)
    {
        writer.WriteBytes(StoreRequest.TenantFieldNumber, _tenant);
        writer.WriteNumber(StoreRequest.AreaFieldNumber, area);
    }

    /// <summary>What a call is about, should it fail.</summary>
    public CallSubject Subject(string verb, ReadOnlyMemory<ulong> slots = default) => new(verb, tenant, area, slots);
}
