using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using RemoteSwap.Client.Http2;
using RemoteSwap.Client.Security;

namespace RemoteSwap.Client;

/// <summary>
/// Sets up the transport: HTTP/2 over TCP, TLS or a Unix socket, message limits, keep-alive, and repeating of calls
/// while the server is unavailable. Repeating is left to the transport, which does it inside the call's one deadline
/// with the very bytes of the first attempt, generations included. Not repeated: Reclaim, which would free twice, and
/// Exchange, whose lanes send again what was not answered.
/// </summary>
internal static class ChannelFactory
{
    private const string Service = "remoteswap.v1.PageStoreService";
    private const double BackoffMultiplier = 2;

    // A channel that mostly fails stops repeating: below half of the tokens no call is tried again. A failed attempt
    // takes one, a call that went well gives this much back.
    private const int RetryTokens = 128;
    private const double RetryTokenRatio = 0.5;

    // Room to hold the bytes of 64 full batches for a repetition. Beyond it a call is made, but only once.
    private const long MaxRetryBufferBytes = 64L * WireLimits.MaxMessageBytes;

    // The transport refuses more than this many attempts whatever the policy says; it is also the options' bound.
    private const int MaxAttempts = 5;

    private static readonly string[] RepeatableMethods = ["Store", "Load", "Invalidate", "InvalidateArea", "Ping"];

    // Finds a peer out that is gone without a word (a host that lost power) within half a minute.
    private static readonly TimeSpan KeepAliveDelay = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(10);

    // Over a socket file the name of the host has no meaning, but HTTP wants one.
    private static readonly Uri SocketAuthority = new("http://localhost");

    /// <summary>Opens a channel. Nothing is sent before the first call.</summary>
    public static GrpcChannel Open(RemoteSwapClientOptions options)
    {
        bool isSocket = ServerAddress.IsUnixSocket(options.Address);
        return GrpcChannel.ForAddress(isSocket ? SocketAuthority : options.Address, new GrpcChannelOptions
        {
            HttpHandler = CreateHandler(options),
            DisposeHttpClient = true,
            MaxReceiveMessageSize = WireLimits.MaxMessageBytes,
            MaxSendMessageSize = WireLimits.MaxMessageBytes,
            MaxRetryAttempts = MaxAttempts,
            MaxRetryBufferPerCallSize = WireLimits.MaxMessageBytes,
            MaxRetryBufferSize = MaxRetryBufferBytes,
            ServiceConfig = CreateServiceConfig(options),
        });
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The outer handler owns the inner one.")]
    private static HttpMessageHandler CreateHandler(RemoteSwapClientOptions options)
    {
        SilentEnds ends = new(options);
        TokenSource? token = options.TokenFile is { } file ? new TokenSource(file) : null;
        SocketsHttpHandler transport = CreateTransport(options, ends);
        return token is null && !ServerAddress.IsTls(options.Address)
            ? transport
            : new CredentialHandler(token, ends, transport);
    }

    private static SocketsHttpHandler CreateTransport(RemoteSwapClientOptions options, SilentEnds ends)
    {
        SocketsHttpHandler handler = new()
        {
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = WireLimits.MaxMessageBytes,
            KeepAlivePingDelay = KeepAliveDelay,
            KeepAlivePingTimeout = KeepAliveTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            AllowAutoRedirect = false,
            UseCookies = false,
            // Pages go to the server that was named, never through what the environment calls a proxy.
            UseProxy = false,
        };
        if (ServerAddress.IsUnixSocket(options.Address))
        {
            handler.ConnectCallback = (_, ct) => DirectDialer.DialSocketFileAsync(options.Address, ct);
        }
        else if (ServerDialer.IsFor(options))
        {
            // A stream that is secure already is taken as it is.
            ServerDialer dialer = new(options, ends);
            handler.ConnectCallback = (context, ct) => dialer.ConnectAsync(context.DnsEndPoint, ct);
        }

        return handler;
    }

    private static ServiceConfig CreateServiceConfig(RemoteSwapClientOptions options)
    {
        ServiceConfig config = new();
        if (options.MaxAttempts == 1)
        {
            return config;
        }

        MethodConfig repeatable = new()
        {
            RetryPolicy = new RetryPolicy
            {
                MaxAttempts = options.MaxAttempts,
                InitialBackoff = options.InitialBackoff,
                MaxBackoff = options.MaxBackoff,
                BackoffMultiplier = BackoffMultiplier,
                RetryableStatusCodes = { StatusCode.Unavailable },
            },
        };
        foreach (string method in RepeatableMethods)
        {
            repeatable.Names.Add(new MethodName { Service = Service, Method = method });
        }

        config.MethodConfigs.Add(repeatable);
        config.RetryThrottling = new RetryThrottlingPolicy { MaxTokens = RetryTokens, TokenRatio = RetryTokenRatio };
        return config;
    }
}
