using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace RemoteSwap.Simulation.Network;

/// <summary>The body of a response that goes into a pipe.</summary>
/// <param name="writer">Its beginning.</param>
internal sealed class PipeResponse(PipeWriter writer) : IHttpResponseBodyFeature
{
    public Stream Stream => writer.AsStream();

    public PipeWriter Writer => writer;

    public Task CompleteAsync() => Task.CompletedTask;

    public void DisableBuffering()
    {
    }

    public Task SendFileAsync(
        string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
}
