using System.Diagnostics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using RemoteSwap.Server.Transport;

namespace RemoteSwap.Server.Direct;

/// <summary>As the web server runs its requests.</summary>
/// <param name="application">What hosting gave to the server.</param>
internal sealed class ApplicationRunner<TContext>(IHttpApplication<TContext> application) : RequestRunner
    where TContext : notnull
{
    /// <inheritdoc/>
    public override async Task RunAsync(IFeatureCollection features, Func<Exception?, Task> endAsync)
    {
        // A request's beginning is long, and not always quick; what follows of it goes on where its bytes arrive.
        await Poller.LeaveAsync();

        // Whatever was going on where the bytes came in is not what the request is a part of.
        Activity.Current = null;
        TContext context = application.CreateContext(features);
        Task processed = ProcessAsync(context);
        await processed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Exception? failure = processed.IsCanceled
            ? new OperationCanceledException("the call was cancelled")
            : processed.Exception?.InnerException;
        try
        {
            await endAsync(failure);
        }
        finally
        {
            application.DisposeContext(context, failure);
        }
    }

    private async Task ProcessAsync(TContext context) => await application.ProcessRequestAsync(context);
}
