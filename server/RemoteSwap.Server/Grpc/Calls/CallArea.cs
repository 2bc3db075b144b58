using System.Buffers;
using System.Text;
using RemoteSwap.Server.Access;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Grpc.Calls;

/// <summary>
/// Whose pages a call is about: the fields tenant, area and attach_epoch, as they came. Remembers the tenant of the
/// call before, because calls of a stream are nearly always of one tenant, and a string a call would be garbage.
/// <para>One user at a time.</para>
/// </summary>
internal sealed class CallArea(RequestCheck check)
{
    // More than any name has; the rest of a longer one is not looked at.
    private const int MaxNameBytes = 256;

    private readonly byte[] _name = new byte[MaxNameBytes];
    private int _nameBytes;
    private bool _isNameLong;

    // The tenant that was found last, and under which name.
    private readonly byte[] _knownName = new byte[MaxNameBytes];
    private int _knownBytes;
    private Tenant? _known;

    /// <summary>Field area.</summary>
    public uint Number { get; set; }

    /// <summary>Field attach_epoch.</summary>
    public ulong Epoch { get; set; }

    /// <summary>Begins with a new call: all fields absent.</summary>
    public void Clear()
    {
        _nameBytes = 0;
        _isNameLong = false;
        Number = 0;
        Epoch = 0;
    }

    /// <summary>Takes field tenant.</summary>
    public void SetTenant(ReadOnlySequence<byte> name)
    {
        _isNameLong = name.Length > MaxNameBytes;
        _nameBytes = (int)Math.Min(name.Length, MaxNameBytes);
        name.Slice(0, _nameBytes).CopyTo(_name);
    }

    /// <summary>Finds the tenant, if the caller may name it, and checks that the area is one of its.</summary>
    public CallRefusal? Check(Caller caller, out Tenant tenant)
    {
        ReadOnlySpan<byte> name = _name.AsSpan(0, _nameBytes);
        if (check.CheckCaller(caller, ref name) is { } denied)
        {
            tenant = null!;
            return denied;
        }

        if (_known is { } known && !_isNameLong && name.SequenceEqual(_knownName.AsSpan(0, _knownBytes)))
        {
            tenant = known;
            return RequestCheck.CheckArea(known, Number);
        }

        if (check.CheckTenant(Encoding.UTF8.GetString(name), out tenant) is { } refusal)
        {
            return refusal;
        }

        name.CopyTo(_knownName);
        _knownBytes = name.Length;
        _known = tenant;
        return RequestCheck.CheckArea(tenant, Number);
    }
}
