using RemoteSwap.Client.Requests;

namespace RemoteSwap.Client.Exchange;

/// <summary>
/// Carries requests to the server and their replies into the callers' memory. Any thread may call.
/// </summary>
internal interface IPageTransport
{
    /// <summary>Sends a request whose message is complete.</summary>
    /// <param name="request">The request; the transport's from now on.</param>
    /// <param name="subject">What it is about, should it fail.</param>
    /// <param name="ct">Ends the wait.</param>
    ValueTask SendAsync(BatchRequest request, in CallSubject subject, CancellationToken ct);

    /// <summary>Sends a request whose reply is a number.</summary>
    /// <inheritdoc cref="SendAsync"/>
    ValueTask<long> CountAsync(BatchRequest request, in CallSubject subject, CancellationToken ct);
}
