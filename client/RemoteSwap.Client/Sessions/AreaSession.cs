using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Google.Protobuf;
using RemoteSwap.Client.Messages;
using RemoteSwap.Client.Records;
using RemoteSwap.V1;

namespace RemoteSwap.Client.Sessions;

/// <summary>
/// The ownership of an area: its epoch, the record of what was stored, the signs of life, and going on after the server
/// was started anew.
/// <code>
/// Live -> Fenced     somebody else owns the area, or the server has given up on this owner; for good
/// Live -> Closed     let go of, or detached
/// </code>
/// What it is not: a guarantee that pages are there. After the server lost its memory the session goes on with a new
/// epoch, and what is lost shows page by page.
/// <para>Locks: none of its own; <see cref="SessionSet"/> lets one resume run at a time.</para>
/// </summary>
[SuppressMessage("Reliability", "CA2213", Justification = "The sources have no timer; ending may come late.")]
internal sealed class AreaSession : IAsyncDisposable
{
    // Signs of life within a lease: two may be lost.
    private const int SignsInLease = 3;
    private const int TokenBytes = 16;

    private readonly CancellationTokenSource _fenced = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly SessionSet _sessions;
    private readonly SessionCaller _caller;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly AreaName _name;
    private readonly string _holder;
    private readonly ByteString _token;
    private readonly Action<SessionTicket>? _ticketChanged;
    private readonly Task _signs;
    private ByteString _attempt = NewToken();
    private ulong _incarnation;

    /// <summary>Begins with what an attach has given, and joins the others of its connection.</summary>
    public AreaSession(
        SessionSet sessions,
        SessionCaller caller,
        TimeProvider time,
        AttachRequest request,
        AttachResponse granted,
        AreaName name,
        PageRecord record,
        Action<SessionTicket>? ticketChanged)
    {
        _sessions = sessions;
        _caller = caller;
        _time = time;
        _name = name;
        _holder = request.Holder;
        _token = request.SessionToken;
        _incarnation = granted.Incarnation;
        Record = record;
        _interval = TimeSpan.FromMilliseconds(Math.Max(1, granted.LeaseMs / (double)SignsInLease));
        record.Fenced = Fence;
        sessions.Add(this);
        _ticketChanged = ticketChanged;
        Tell(Ticket);
        _signs = GiveSignsAsync();
    }

    /// <summary>The attach epoch.</summary>
    public ulong Epoch => _name.Epoch;

    /// <summary>What was stored.</summary>
    public PageRecord Record { get; }

    /// <summary>The server's incarnation that has the session.</summary>
    public ulong Incarnation => Volatile.Read(ref _incarnation);

    /// <summary>Cancelled when somebody else owns the area.</summary>
    public CancellationToken Fenced => _fenced.Token;

    /// <summary>What another process needs to go on.</summary>
    public SessionTicket Ticket => new(Epoch, Token, Incarnation);

    private string Token => Convert.ToHexStringLower(_token.Span);

    /// <summary>A token, or what tells an attach from others.</summary>
    public static ByteString NewToken() => ByteString.CopyFrom(RandomNumberGenerator.GetBytes(TokenBytes));

    /// <summary>Goes on with the session on a server that was started anew.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The incarnation that was asked; the session may be over now.</returns>
    /// <exception cref="RemoteSwapException">The server did not answer.</exception>
    public async Task<ulong> ResumeAsync(string tenant, CancellationToken ct)
    {
        AttachRequest request = new()
        {
            Tenant = tenant,
            Area = _name.Area,
            Mode = V1.AttachMode.Resume,
            Holder = _holder,
            AttachEpoch = Epoch,
            SessionToken = _token,
            Incarnation = Incarnation,
            Attempt = _attempt,
        };
        AttachResponse reply = await _caller.AttachAsync(request, ct).ConfigureAwait(false);
        if (OutcomeTable.Of(reply.Outcome) == AttachOutcome.Resumed)
        {
            // First what another life needs to know, then what this one sends with.
            Note(reply.AttachEpoch);
            Tell(new SessionTicket(reply.AttachEpoch, Token, reply.Incarnation));
            _attempt = NewToken();
            _name.Epoch = reply.AttachEpoch;
            Volatile.Write(ref _incarnation, reply.Incarnation);
        }
        else
        {
            Fence();
        }

        return reply.Incarnation;
    }

    /// <summary>Ends the session on the server.</summary>
    /// <returns>Pages dropped; null: it was over.</returns>
    public async Task<ulong?> DetachAsync(bool keepPages, CancellationToken ct)
    {
        DetachResponse reply = await _caller.DetachAsync(_name.Area, Epoch, keepPages, ct).ConfigureAwait(false);
        return reply.Fenced ? null : reply.Pages;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _sessions.Remove(this);
        await _closed.CancelAsync().ConfigureAwait(false);
        await _signs.ConfigureAwait(false);
    }

    private void Tell(SessionTicket ticket)
    {
        try
        {
            _ticketChanged?.Invoke(ticket);
        }
        catch (Exception failure) when (
            failure is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // The lanes and the signs of life go on; the server also knows who comes back with the old ticket.
        }
    }

    private void Note(ulong epoch)
    {
        try
        {
            Record.Local?.SetSession(_token.Span, epoch);
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // Another life will not believe the file where the server does not know better.
        }
    }

    // Not on this thread: it may be the one that receives replies.
    private void Fence() => _ = _fenced.CancelAsync();

    private async Task GiveSignsAsync()
    {
        while (!_closed.IsCancellationRequested && !_fenced.IsCancellationRequested)
        {
            await Task.Delay(_interval, _time, _closed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_closed.IsCancellationRequested)
            {
                await GiveSignAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task GiveSignAsync()
    {
        try
        {
            ulong epoch = Epoch;
            KeepAliveResponse reply =
                await _caller.KeepAliveAsync(_name.Area, epoch, _closed.Token).ConfigureAwait(false);
            if (reply.Incarnation != Incarnation)
            {
                await _sessions.RenewAsync(reply.Incarnation).ConfigureAwait(false);
            }
            else if (reply.Fenced && epoch == Epoch)
            {
                Fence();
            }
        }
        catch (Exception failure) when (
            failure is RemoteSwapException or OperationCanceledException or ObjectDisposedException)
        {
            // The server is away; the next sign may find it.
        }
    }
}
