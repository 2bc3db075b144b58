namespace RemoteSwap.Client.Http2;

/// <summary>Makes the transport connections of direct streams. Any thread may call.</summary>
internal interface IDialer
{
    /// <summary>Connects, with TLS where the address asks for it.</summary>
    /// <param name="ct">Gives up.</param>
    /// <returns>The connection; the caller's to dispose of. One reader and one writer at a time.</returns>
    /// <exception cref="IOException">The server can not be reached, or not in time.</exception>
    /// <exception cref="RemoteSwap.Credentials.CredentialException">One end does not believe the other.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    ValueTask<Stream> DialAsync(CancellationToken ct);
}
