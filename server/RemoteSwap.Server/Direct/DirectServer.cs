using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace RemoteSwap.Server.Direct;

/// <summary>
/// The web server, with one ear at what hosting tells it: how a request is run. What it is not: a server; connections,
/// listeners and their end are the web server's, direct ones too.
/// </summary>
/// <param name="server">The web server.</param>
/// <param name="direct">Takes what runs requests.</param>
internal sealed class DirectServer(IServer server, DirectApplication direct) : IServer
{
    /// <inheritdoc/>
    public IFeatureCollection Features => server.Features;

    /// <summary>Puts it before the web server that is registered.</summary>
    public static void Add(IServiceCollection services, DirectApplication direct)
    {
        ServiceDescriptor registered = services.Last(service => service.ServiceType == typeof(IServer));
        services.Remove(registered);
        services.AddSingleton<IServer>(provider => new DirectServer(
            (IServer)ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!), direct));
    }

    /// <inheritdoc/>
    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        direct.Runner = new ApplicationRunner<TContext>(application);
        return server.StartAsync(application, cancellationToken);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => server.Dispose();
}
