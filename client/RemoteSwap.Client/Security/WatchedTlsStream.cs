using System.Diagnostics;
using System.Net.Security;

namespace RemoteSwap.Client.Security;

/// <summary>
/// A TLS connection that notes whether the server has ever sent anything. It is derived from the system's, since the
/// transport takes a connection that is secure already only as that type. Once a byte has come it is in nobody's way.
/// <para>
/// One reader and one writer. Lock: guards the end, which either may see first; what it notes is there before the
/// transport learns of the end.
/// </para>
/// </summary>
internal sealed class WatchedTlsStream(Stream inner, SilentEnds ends) : SslStream(inner)
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly Lock _gate = new();
    private volatile bool _isHeard;
    private bool _isOver;

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _isHeard || buffer.IsEmpty
            ? base.ReadAsync(buffer, cancellationToken)
            : ReadFirstAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _isHeard
            ? base.WriteAsync(buffer, cancellationToken)
            : WriteFirstAsync(buffer, cancellationToken);

    private async ValueTask<int> ReadFirstAsync(Memory<byte> buffer, CancellationToken ct)
    {
        try
        {
            int bytes = await base.ReadAsync(buffer, ct).ConfigureAwait(false);
            _isHeard = bytes > 0;
            if (_isHeard)
            {
                ends.Restart();
            }

            return bytes;
        }
        finally
        {
            // Closed, reset, or given up here: it depends on what of ours was still on the way.
            EndUnlessHeard();
        }
    }

    private async ValueTask WriteFirstAsync(ReadOnlyMemory<byte> buffer, CancellationToken ct)
    {
        try
        {
            await base.WriteAsync(buffer, ct).ConfigureAwait(false);
        }
        catch
        {
            EndUnlessHeard();
            throw;
        }
    }

    private void EndUnlessHeard()
    {
        lock (_gate)
        {
            if (!_isOver && !_isHeard)
            {
                ends.Add(_began);
            }

            _isOver = true;
        }
    }
}
