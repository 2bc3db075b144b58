using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using RemoteSwap.Server.Options;

namespace RemoteSwap.Server.Direct;

/// <summary>
/// Stands before the web server's HTTP/2 and takes the connections of clients that promise to open one stream; each
/// gets a <see cref="DirectConnection"/>, and a message on it one change of threads instead of seven. All others it
/// leaves to the web server as they came, not a byte taken.
/// <para>
/// What it is not: a second HTTP/2 server for anybody, nor a way around a check. What comes before it (TLS, limits on
/// connections) and behind it (all of ASP.NET) is the same for both.
/// </para>
/// </summary>
/// <param name="application">What runs requests.</param>
/// <param name="limits">What a connection may cost.</param>
/// <param name="take">Is told of each connection that it takes, before it is served.</param>
internal sealed class DirectListener(
    DirectApplication application, TransportLimits limits, Action<ConnectionContext> take)
{
    /// <summary>Puts it on a listener; after all else that wants to see its connections.</summary>
    public void Use(ListenOptions listen)
    {
        DirectLog log = new(
            listen.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(DirectLog.Category));
        TimeProvider time = listen.ApplicationServices.GetRequiredService<TimeProvider>();
        listen.Use(next => async connection =>
        {
            if (SpeaksHttp2(connection) && await IsDirectAsync(connection))
            {
                take(connection);
                await using DirectConnection direct = new(connection, application.Runner, limits, time, log);
                await direct.RunAsync();
            }
            else
            {
                await next(connection);
            }
        });
    }

    private static bool SpeaksHttp2(ConnectionContext connection) =>
        connection.Features.Get<ITlsConnectionFeature>() is null
        || connection.Features.Get<ITlsApplicationProtocolFeature>() is { } chosen
            && chosen.ApplicationProtocol.Span.SequenceEqual("h2"u8);

    // Until the opening is there or can not be one any more; what is slow is the web server's to wait for.
    private async Task<bool> IsDirectAsync(ConnectionContext connection)
    {
        PipeReader input = connection.Transport.Input;
        CancellationToken closing =
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using CancellationTokenSource slow = CancellationTokenSource.CreateLinkedTokenSource(closing);
        slow.CancelAfter(limits.HeadersTimeout);
        await using CancellationTokenRegistration end = slow.Token.UnsafeRegister(
            static state => ThreadPool.UnsafeQueueUserWorkItem(
                static waiting => waiting.CancelPendingRead(), (PipeReader)state!, preferLocal: false),
            input);
        long looked = 0;
        try
        {
            while (true)
            {
                ReadResult read = await input.ReadAsync(CancellationToken.None);
                OpeningKind kind = Opening.Judge(read.Buffer);
                if (kind != OpeningKind.Unknown || read.IsCompleted || slow.IsCancellationRequested)
                {
                    // A pipe does not take it back that something was looked at, so not less than before.
                    input.AdvanceTo(read.Buffer.Start, read.Buffer.GetPosition(looked));
                    return kind == OpeningKind.Direct;
                }

                looked = read.Buffer.Length;
                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (Exception gone) when (LineEnd.Is(gone))
        {
            // The web server finds the same, and knows what to do.
            return false;
        }
    }
}
