using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using RemoteSwap.Wire.Http2;

namespace RemoteSwap.Server.Direct;

/// <summary>A request as ASP.NET sees it; the same values as the web server's own HTTP/2 gives.</summary>
internal sealed class RequestFeatures : IHttpRequestFeature, IHttpRequestBodyDetectionFeature, IRequestBodyPipeFeature,
    IHttpRequestIdentifierFeature, IHttpConnectionFeature
{
    private readonly RequestBody _body;

    /// <summary>Takes a request.</summary>
    /// <param name="head">Its head.</param>
    /// <param name="body">Its body.</param>
    /// <param name="hasBody">Whether there is one.</param>
    /// <param name="connection">Where it came.</param>
    public RequestFeatures(RequestHead head, RequestBody body, bool hasBody, ConnectionContext connection)
    {
        _body = body;
        Body = body.AsStream();
        CanHaveBody = hasBody;
        Headers = head.Fields;
        Method = head.Method;
        Scheme = head.Scheme;
        Path = head.Path;
        QueryString = head.Query;
        RawTarget = head.Target;
        ConnectionId = connection.ConnectionId;
        TraceIdentifier = $"{connection.ConnectionId}:{Http2Wire.OnlyStream:X8}";
        IPEndPoint? local = connection.LocalEndPoint as IPEndPoint;
        IPEndPoint? remote = connection.RemoteEndPoint as IPEndPoint;
        LocalIpAddress = local?.Address;
        LocalPort = local?.Port ?? 0;
        RemoteIpAddress = remote?.Address;
        RemotePort = remote?.Port ?? 0;
    }

    /// <inheritdoc/>
    public string Protocol { get; set; } = HttpProtocol.Http2;

    /// <inheritdoc/>
    public string Scheme { get; set; }

    /// <inheritdoc/>
    public string Method { get; set; }

    /// <inheritdoc/>
    public string PathBase { get; set; } = "";

    /// <inheritdoc/>
    public string Path { get; set; }

    /// <inheritdoc/>
    public string QueryString { get; set; }

    /// <inheritdoc/>
    public string RawTarget { get; set; }

    /// <inheritdoc/>
    public IHeaderDictionary Headers { get; set; }

    /// <inheritdoc/>
    public Stream Body { get; set; }

    /// <inheritdoc/>
    public bool CanHaveBody { get; }

    /// <inheritdoc/>
    public PipeReader Reader => _body;

    /// <inheritdoc/>
    public string TraceIdentifier { get; set; }

    /// <inheritdoc/>
    public string ConnectionId { get; set; }

    /// <inheritdoc/>
    public IPAddress? LocalIpAddress { get; set; }

    /// <inheritdoc/>
    public int LocalPort { get; set; }

    /// <inheritdoc/>
    public IPAddress? RemoteIpAddress { get; set; }

    /// <inheritdoc/>
    public int RemotePort { get; set; }
}
