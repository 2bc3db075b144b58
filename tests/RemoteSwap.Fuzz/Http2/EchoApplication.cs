using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace RemoteSwap.Fuzz.Http2;

/// <summary>Reads a request's body to its end, sends it back or not, and ends with a status in the trailers.</summary>
/// <param name="isEcho">Whether the body is sent back as it comes.</param>
internal sealed class EchoApplication(bool isEcho) : IHttpApplication<IFeatureCollection>
{
    /// <summary>Requests that came to it.</summary>
    public int Calls { get; private set; }

    /// <summary>What it has read.</summary>
    public List<byte> Body { get; } = [];

    /// <summary>Whether it has read to the end.</summary>
    public bool HasRead { get; private set; }

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        Calls++;
        PipeReader body = context.GetRequiredFeature<IRequestBodyPipeFeature>().Reader;
        PipeWriter reply = context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer;
        bool more = true;
        while (more)
        {
            ReadResult read = await body.ReadAsync();
            byte[] bytes = read.Buffer.ToArray();
            more = !read.IsCompleted;
            body.AdvanceTo(read.Buffer.End);
            Body.AddRange(bytes);
            if (isEcho)
            {
                reply.Write(bytes);
                FlushResult flush = await reply.FlushAsync();
                more &= !flush.IsCompleted;
            }

            HasRead = read.IsCompleted;
        }

        context.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers["grpc-status"] = "0";
    }
}
