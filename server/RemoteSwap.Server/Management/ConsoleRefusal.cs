using RemoteSwap.Server.Grpc;
using RemoteSwap.Store;

namespace RemoteSwap.Server.Management;

/// <summary>Pages that were refused lately, for one cause and close together.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Cause">Why, as the proto's StoreOutcome names it.</param>
/// <param name="Pages">How many.</param>
/// <param name="First">When the first was.</param>
/// <param name="Last">When the last was.</param>
/// <param name="SecondsAgo">How long before the answer that is, by the server's clock.</param>
internal sealed record ConsoleRefusal(
    string Tenant, string Cause, long Pages, DateTimeOffset First, DateTimeOffset Last, double SecondsAgo)
{
    public static ConsoleRefusal Of(RefusedPages refused, DateTimeOffset now) => new(
        refused.Tenant,
        Name(OutcomeTable.ToWire(refused.Cause)),
        refused.Pages,
        refused.First,
        refused.Last,
        Math.Round(Math.Max(0, (now - refused.Last).TotalSeconds), 1));

    // TENANT_LIMIT: the proto's name without the type's, as documents and other tools write it.
    private static string Name(V1.StoreOutcome outcome) => string.Concat(outcome.ToString().Select(
        (letter, place) => place > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{char.ToUpperInvariant(letter)}"));
}
