using Microsoft.AspNetCore.Http.Features;

namespace RemoteSwap.Server.Direct;

/// <summary>Runs a request through the application: hosting's metrics and traces, and all of ASP.NET.</summary>
internal abstract class RequestRunner
{
    /// <summary>Runs one.</summary>
    /// <param name="features">The request.</param>
    /// <param name="endAsync">Ends its response; takes what the application threw.</param>
    public abstract Task RunAsync(IFeatureCollection features, Func<Exception?, Task> endAsync);
}
