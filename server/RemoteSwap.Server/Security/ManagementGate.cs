using RemoteSwap.Server.Access;
using RemoteSwap.Server.Options;

namespace RemoteSwap.Server.Security;

/// <summary>
/// Stands before the management port. Health is open to all and then says one word only; the rest is for
/// administrators, where the settings or the listener ask for that.
/// </summary>
internal sealed class ManagementGate(AccessPolicy policy, CallerResolver resolver, SecurityOptions options)
{
    private const string Health = "/health";
    private const string Metrics = "/metrics";

    /// <summary>Whether a request may be told names and figures; health says less to who may not.</summary>
    public static bool MaySee(HttpContext context) =>
        context.Features.Get<Caller>() is { Kind: CallerKind.Anybody or CallerKind.Admin };

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!options.ManagementNeedsAdmin)
        {
            context.Features.Set(Caller.Anybody);
            return next(context);
        }

        PathString path = context.Request.Path;
        ICredential? credential = resolver.Find(context, out AccessDenial denial);
        Caller caller = credential?.Caller ?? Caller.Nobody;
        context.Features.Set(caller);
        bool isOpen = path.StartsWithSegments(Health, StringComparison.Ordinal)
            || (!options.MetricsNeedAdmin && path.Equals(Metrics, StringComparison.Ordinal));
        if (isOpen || caller.Kind == CallerKind.Admin)
        {
            return next(context);
        }

        if (credential is not null)
        {
            denial = new AccessDenial(
                AccessReason.NotAllowed, $"is for administrators; this credential stands for {caller}");
        }

        return RefuseAsync(context, denial, $"{caller}, {path}");
    }

    private Task RefuseAsync(HttpContext context, in AccessDenial denial, string what)
    {
        string error = policy.Refuse(in denial, what).Message;
        bool isKnown = denial.Reason == AccessReason.NotAllowed;
        if (!isKnown)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        context.Response.StatusCode =
            isKnown ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized;
        return context.Response.WriteAsJsonAsync(new { error });
    }
}
