using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace RemoteSwap.Server.Security;

/// <summary>
/// Closes a connection whose credential counts no more, so that the last words on it arrive: new calls are sent away at
/// once, and after the last stream's status the line stays open until the client closes it, for five seconds at most.
/// A client that still has something to send and finds the line closed forgets a status that it has received and has
/// not read yet; HttpClient then says "internal" where the server has said why. What it is not: a way to keep a client;
/// nothing is read any more. nginx calls it lingering_close.
/// <para>A feature of the connection, which stands between TLS and HTTP/2.</para>
/// </summary>
internal sealed class LingeringClose
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    private volatile bool _isWanted;

    /// <summary>Puts the feature on a listener's connections; after TLS, so that the end of TLS waits too.</summary>
    public static void Use(ListenOptions listen) => listen.Use(next => async connection =>
    {
        LingeringClose close = new();
        connection.Features.Set(close);
        await next(connection);
        if (close._isWanted)
        {
            await Task.Delay(s_longest, connection.ConnectionClosed)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    });

    /// <summary>Closes the connection of a call when its streams are through.</summary>
    public static void Begin(HttpContext context)
    {
        context.Features.Get<LingeringClose>()?._isWanted = true;
        context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
    }
}
