using Grpc.Core;
using RemoteSwap.Server.Grpc;

namespace RemoteSwap.Server.Access;

/// <summary>
/// Whose tenant a call may name, and how often one was refused. On a server that knows no identities everybody is
/// <see cref="Caller.Anybody"/> and nothing is compared; on any other the tenant is the credential's, whatever the
/// message says, and who is not known is refused.
/// <para>Thread-safe: counters only.</para>
/// </summary>
/// <param name="isOpen">Whether the server knows no identities.</param>
internal sealed class AccessPolicy(bool isOpen)
{
    private const int MaxShownChars = 64;
    private const int MaxLoggedChars = 400;

    private static readonly AccessReason[] s_reasons = [.. Enum.GetValues<AccessReason>().Skip(1)];

    private readonly long[] _refused = new long[s_reasons.Length + 1];
    private string _last = "";

    /// <summary>Why calls may be refused.</summary>
    public static IReadOnlyList<AccessReason> Reasons => s_reasons;

    /// <summary>Whether the server knows no identities.</summary>
    public bool IsOpen => isOpen;

    /// <summary>The last refusal in words, for the log; empty: there was none.</summary>
    public string Last => Volatile.Read(ref _last);

    /// <summary>Who makes the call that gRPC reads a message of now.</summary>
    public Caller CallerOfMessage => isOpen ? Caller.Anybody : CallerOfUnary.Current ?? Caller.Nobody;

    /// <summary>Who makes a call.</summary>
    public Caller CallerOf(ServerCallContext context) =>
        isOpen ? Caller.Anybody : context.GetHttpContext().Features.Get<Caller>() ?? Caller.Nobody;

    /// <summary>The guard of a stream, whose caller's credential may end before the stream does.</summary>
    public GuardedStream StreamOf(HttpContext context) => isOpen
        ? GuardedStream.Unguarded
        : context.Features.Get<GuardedStream>() ?? new GuardedStream(Caller.Nobody);

    /// <summary>How often calls were refused for a reason.</summary>
    public long Refused(AccessReason reason) => Volatile.Read(ref _refused[(int)reason]);

    /// <summary>Checks which tenant a message may name; one that names none is its caller's.</summary>
    /// <param name="caller">Who sent it.</param>
    /// <param name="name">The name as it came, in UTF-8; the tenant's to look up when this returns.</param>
    public CallRefusal? CheckTenant(Caller caller, ref ReadOnlySpan<byte> name)
    {
        if (caller.Kind == CallerKind.Tenant)
        {
            if (name.IsEmpty)
            {
                name = caller.Utf8Name;
            }

            return name.SequenceEqual(caller.Utf8Name)
                ? null
                : RefuseTenant(caller, System.Text.Encoding.UTF8.GetString(name));
        }

        return CheckOther(caller);
    }

    /// <inheritdoc cref="CheckTenant(Caller, ref ReadOnlySpan{byte})"/>
    public CallRefusal? CheckTenant(Caller caller, ref string name)
    {
        if (caller.Kind == CallerKind.Tenant)
        {
            if (name.Length == 0)
            {
                name = caller.Name;
            }

            return string.Equals(name, caller.Name, StringComparison.Ordinal) ? null : RefuseTenant(caller, name);
        }

        return CheckOther(caller);
    }

    /// <summary>Refuses a call, and counts it.</summary>
    /// <param name="denial">Why.</param>
    /// <param name="what">Who wanted what, for the log.</param>
    public CallRefusal Refuse(in AccessDenial denial, string what)
    {
        Interlocked.Increment(ref _refused[(int)denial.Reason]);
        Volatile.Write(ref _last, Printable($"{what}: {denial.Problem}"));
        return CallRefusal.Denied(denial);
    }

    // Paths and names are the peer's own: they may be long, and have line ends in them.
    private static string Printable(string text) => string.Create(
        Math.Min(text.Length, MaxLoggedChars),
        text,
        static (room, text) =>
        {
            for (int at = 0; at < room.Length; at++)
            {
                room[at] = char.IsControl(text[at]) ? '?' : text[at];
            }
        });

    // An administrator names the tenant it means; which of its calls touch a tenant at all is the table's matter.
    private CallRefusal? CheckOther(Caller caller) =>
        caller.Kind == CallerKind.Admin || (isOpen && caller.Kind == CallerKind.Anybody)
            ? null
            : Refuse(new AccessDenial(AccessReason.NoCredential, "is missing; this call is some tenant's"), "nobody");

    private CallRefusal RefuseTenant(Caller caller, string asked)
    {
        string shown = asked.Length <= MaxShownChars ? asked : asked[..MaxShownChars] + "...";
        return Refuse(
            new AccessDenial(
                AccessReason.WrongTenant, $"is '{shown}'; this credential stands for {caller}, and for no other"),
            caller.ToString());
    }
}
