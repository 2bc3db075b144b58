using RemoteSwap.Client.Records;
using RemoteSwap.Client.Sealing;
using RemoteSwap.Codec;
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
/// <param name="slots">Slots of the area; 0: not known.</param>
/// <param name="seal">What seals its pages; null: nothing does.</param>
internal sealed class AreaName(
    string tenant, uint area, ulong epoch = 0, PageRecord? record = null, ulong slots = 0, AreaSealer? seal = null)
{
    private ulong _epoch = epoch;
    private uint _retryAfter;

    private const int MaxEpochBytes = 1 + MessageWriter.MaxNumberBytes;
    private const int MaxAreaBytes = 1 + 5;
    private const int MaxTenantLengthBytes = 1 + 2;

    private readonly byte[] _tenant = Encoding.UTF8.GetBytes(tenant);

    /// <summary>The tenant.</summary>
    public string Tenant => tenant;

    /// <summary>The area.</summary>
    public uint Area => area;

    /// <summary>
    /// The attach epoch; 0: none. It changes when the session is resumed on a server that was started anew, and
    /// requests that were built before get it when they are sent (<see cref="RequestMessage.BeginToSend"/>).
    /// </summary>
    public ulong Epoch
    {
        get => Volatile.Read(ref _epoch);
        set => Volatile.Write(ref _epoch, value);
    }

    /// <summary>
    /// When the server last wished pages again that it refused because it was full, in milliseconds; 0: it did not.
    /// </summary>
    public uint RetryAfterMilliseconds
    {
        get => Volatile.Read(ref _retryAfter);
        set => Volatile.Write(ref _retryAfter, value);
    }

    /// <summary>The most bytes that <see cref="Write"/> takes.</summary>
    public int MaxBytes => MaxTenantLengthBytes + _tenant.Length + MaxAreaBytes + MaxEpochBytes;

    /// <summary>Slots of the area; 0: not known.</summary>
    public ulong Slots => slots;

    /// <summary>The record of what was stored; null: there is none.</summary>
    public PageRecord? Record => record;

    /// <summary>What seals its pages; null: nothing does.</summary>
    public AreaSealer? Seal => seal;

    /// <summary>The most bytes of a zpage of the area.</summary>
    public int MaxZpageBytes => seal is null ? PageSize.Bytes : ZpageLimits.MaxBytes;

    /// <summary>Writes tenant, area and epoch, which have the same numbers in all requests.</summary>
    /// <param name="writer">What writes the message.</param>
    /// <param name="message">The message, which is told where the epoch stands.</param>
    public void Write(ref MessageWriter writer, RequestMessage message)
    {
        writer.WriteBytes(StoreRequest.TenantFieldNumber, _tenant);
        writer.WriteNumber(StoreRequest.AreaFieldNumber, area);
        ulong written = Epoch;
        if (written != 0)
        {
            message.NoteEpoch(this, writer.WriteReplaceable(StoreRequest.AttachEpochFieldNumber, written), written);
        }
    }

    /// <summary>What a call is about, should it fail.</summary>
    public CallSubject Subject(string verb, ReadOnlyMemory<ulong> slots = default) => new(verb, tenant, area, slots);
}
