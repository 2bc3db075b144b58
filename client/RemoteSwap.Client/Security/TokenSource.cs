using RemoteSwap.Credentials;

namespace RemoteSwap.Client.Security;

/// <summary>
/// The token as its file has it now: the file is looked at whenever a call or stream begins, and read when it has
/// changed. So a token may be replaced under a running client; calls and streams under way keep the one that they began
/// with. While the file is not there, or holds half a token, the former one is shown: whoever replaces it may be slow,
/// and the server knows what it still takes.
/// <para>Lock: guards what was read last; the file is read inside, a few times in a client's life.</para>
/// </summary>
internal sealed class TokenSource(string path)
{
    private readonly Lock _gate = new();
    private (DateTime Written, long Bytes) _stamp;
    private string? _header;

    /// <summary>What a call's metadata <c>authorization</c> is to say (RFC 6750, section 2.1).</summary>
    /// <exception cref="CredentialException">The file could never be read, was open to others, or held no
    /// token.</exception>
    public string Header()
    {
        FileInfo file = new(path);
        (DateTime, long) stamp = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
        lock (_gate)
        {
            if (_header is null || _stamp != stamp)
            {
                Read(stamp);
            }

            return _header!;
        }
    }

    // Inside the lock.
    private void Read((DateTime, long) stamp)
    {
        try
        {
            _header = "Bearer " + AccessToken.Read(path);
            _stamp = stamp;
        }
        catch (CredentialException) when (_header is not null)
        {
            // The former one; the next call looks again.
        }
    }
}
