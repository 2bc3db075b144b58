using RemoteSwap.Server.Access;
using RemoteSwap.Server.Options;

namespace RemoteSwap.Server.Security;

/// <summary>Puts together what knows who may call. A server without identities has next to none of it.</summary>
internal static class SecuritySetup
{
    /// <summary>Adds everything to a server.</summary>
    public static void Add(IServiceCollection services, SecurityOptions options, CredentialStore store)
    {
        services.AddSingleton(options);
        services.AddSingleton(store);
        services.AddSingleton(new AccessPolicy(isOpen: !options.HasIdentity));
        services.AddSingleton<CallerResolver>();
        services.AddSingleton<StreamGuard>();
        services.AddSingleton<SecurityMeter>();
        services.AddSingleton<SecurityLog>();
        if (options.HasTls || options.HasIdentity)
        {
            services.AddHostedService<SecurityWatch>();
        }
    }

    /// <summary>Stands before the management port's endpoints.</summary>
    public static void UseManagementGate(this IApplicationBuilder branch) =>
        branch.Use(ActivatorUtilities.CreateInstance<ManagementGate>(branch.ApplicationServices).InvokeAsync);

    /// <summary>Stands before gRPC, where identities are known.</summary>
    public static void UseAccessGate(this IApplicationBuilder app, SecurityOptions options)
    {
        if (options.HasIdentity)
        {
            app.Use(ActivatorUtilities.CreateInstance<AccessGate>(app.ApplicationServices).InvokeAsync);
        }
    }
}
