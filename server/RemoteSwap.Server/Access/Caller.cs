using System.Text;

namespace RemoteSwap.Server.Access;

/// <summary>
/// Who is at the other end of a call, as its credential says. What it is not: the credential itself, which may end
/// while the caller stays the same. Immutable; made once for each credential, never for a call.
/// </summary>
internal sealed class Caller
{
    private readonly byte[] _utf8Name;

    private Caller(CallerKind kind, string name)
    {
        Kind = kind;
        Name = name;
        _utf8Name = Encoding.UTF8.GetBytes(name);
    }

    /// <summary>Without a credential.</summary>
    public static Caller Nobody { get; } = new(CallerKind.Nobody, "");

    /// <summary>Where no credential is asked for.</summary>
    public static Caller Anybody { get; } = new(CallerKind.Anybody, "");

    public CallerKind Kind { get; }

    /// <summary>The tenant's or the administrator's name; empty: it has none.</summary>
    public string Name { get; }

    /// <summary>The name as messages carry it.</summary>
    public ReadOnlySpan<byte> Utf8Name => _utf8Name;

    public static Caller Tenant(string name) => new(CallerKind.Tenant, name);

    public static Caller Admin(string name) => new(CallerKind.Admin, name);

    /// <summary>Whether another credential stands for the same caller.</summary>
    public bool IsSame(Caller other) => Kind == other.Kind && Name == other.Name;

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        CallerKind.Tenant => $"tenant '{Name}'",
        CallerKind.Admin => $"administrator '{Name}'",
        CallerKind.Anybody => "anybody",
        _ => "nobody",
    };
}
