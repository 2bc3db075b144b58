using RemoteSwap.Credentials;

namespace RemoteSwap.Client.Security;

/// <summary>
/// Between gRPC and its transport: adds the token to the metadata of every call and stream, and says of connections
/// that the server ended without a word what they are.
/// </summary>
/// <param name="token">The token; null: none.</param>
/// <param name="ends">How connections ended.</param>
/// <param name="inner">The transport.</param>
internal sealed class CredentialHandler(TokenSource? token, SilentEnds ends, HttpMessageHandler inner)
    : DelegatingHandler(inner)
{
    private const string Name = "authorization";

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation(Name, token.Header());
        }

        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException)
        {
            if (CredentialException.WordsIn(failed) is null && ends.Refusal is { } refusal)
            {
                throw refusal;
            }

            throw;
        }
    }
}
