using RemoteSwap.Server.Access;
using RemoteSwap.Server.Grpc;

namespace RemoteSwap.Server.Security;

/// <summary>
/// Stands before all gRPC calls: who calls, and whether that caller may call this method. For which tenant a call may
/// be is decided where its message is read (<see cref="AccessPolicy"/>). On a server that knows no identities it is not
/// there.
/// </summary>
internal sealed class AccessGate(AccessPolicy policy, CallerResolver resolver, StreamGuard guard)
{
    private const string GrpcContent = "application/grpc";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        string path = context.Request.Path.Value ?? "";
        AccessRule rule = AccessTable.RuleOf(path, out bool isStream);
        if (rule == AccessRule.Anybody)
        {
            context.Features.Set(Caller.Anybody);
            await next(context);
            return;
        }

        ICredential? credential = resolver.Find(context, out AccessDenial denial);
        if (credential is null)
        {
            End(context, policy.Refuse(in denial, $"nobody, {path}"));
        }
        else if (rule == AccessRule.None)
        {
            End(context, CallRefusal.NoMethod);
        }
        else if (!AccessTable.Allows(rule, credential.Caller.Kind))
        {
            denial = new AccessDenial(
                AccessReason.NotAllowed,
                rule == AccessRule.Admin
                    ? $"is for administrators; this credential stands for {credential.Caller}"
                    : $"is for tenants; this credential stands for {credential.Caller}, who has no pages");
            End(context, policy.Refuse(in denial, $"{credential.Caller}, {path}"));
        }
        else if (isStream)
        {
            await InvokeStreamAsync(context, next, credential);
        }
        else
        {
            context.Features.Set(credential.Caller);
            CallerOfUnary.Current = credential.Caller;
            await next(context);
        }
    }

    private async Task InvokeStreamAsync(HttpContext context, RequestDelegate next, ICredential credential)
    {
        WatchedStream stream = guard.Add(context, credential);
        context.Features.Set(credential.Caller);
        context.Features.Set(stream.Guard);
        try
        {
            await next(context);
        }
        finally
        {
            guard.Remove(stream);
        }
    }

    // A connection whose certificate has ended is of no use: it is closed when its streams are through, and a client
    // that comes again shows its new one.
    private static void End(HttpContext context, CallRefusal refusal)
    {
        if (context.Features.Get<ConnectionIdentity>()?.Credential is CertificateCredential
            && refusal.Reason == AccessReasons.NameOf(AccessReason.ExpiredCredential))
        {
            LingeringClose.Begin(context);
        }

        if (context.Request.ContentType?.StartsWith(GrpcContent, StringComparison.OrdinalIgnoreCase) == true)
        {
            refusal.End(context.Response);
        }
        else
        {
            context.Response.StatusCode = refusal.Code == global::Grpc.Core.StatusCode.Unauthenticated
                ? StatusCodes.Status401Unauthorized
                : StatusCodes.Status403Forbidden;
        }
    }
}
