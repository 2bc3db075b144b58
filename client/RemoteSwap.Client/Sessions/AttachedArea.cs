using RemoteSwap.Client.Evictions;
using RemoteSwap.Client.Sealing;
using RemoteSwap.Client.Sessions;

namespace RemoteSwap.Client;

/// <summary>
/// An area that this client owns. Its pages are checked against the client's own record of what it stored, so that a
/// page that is stale, misplaced, lost or damaged is found whatever the server says.
/// <para>
/// A connection that breaks, and a server that is started anew, are a stall: the session is resumed by itself. Pages
/// that went with the server's memory are <see cref="LoadOutcome.Lost"/> then, each until it is stored or invalidated.
/// </para>
/// </summary>
public sealed class AttachedArea : IAsyncDisposable
{
    private readonly AreaSession _session;
    private readonly LocalPages? _local;
    private readonly EvictionReceiver? _receiver;
    private readonly AreaSealer? _sealer;

    internal AttachedArea(
        SwapArea pages,
        AreaSession session,
        V1.AttachResponse granted,
        LocalPages? local,
        EvictionReceiver? receiver,
        AreaSealer? sealer)
    {
        _sealer = sealer;
        _local = local;
        _receiver = receiver;
        IsEphemeral = granted.Ephemeral;
        Pages = pages;
        _session = session;
        Slots = granted.AreaSlots;
        HasLostPages = granted.HasLostPages;
    }

    /// <summary>Stores, loads and invalidates pages.</summary>
    public SwapArea Pages { get; }

    /// <summary>Slots of the area.</summary>
    public ulong Slots { get; }

    /// <summary>The attach epoch: of two owners the later one has the greater.</summary>
    public ulong Epoch => _session.Epoch;

    /// <summary>
    /// Whether, when the area was attached, pages of it were lost with an earlier life of the server. A slot of which
    /// nothing is known is lost then, not empty.
    /// </summary>
    public bool HasLostPages { get; }

    /// <summary>
    /// Whether the area is a cache, as the server is set: a page that was stored may be NotFound at any time, and then
    /// never comes back. No place for a disk.
    /// </summary>
    public bool IsEphemeral { get; }

    /// <summary>Slots that hold a page, as far as the client's own record goes.</summary>
    public long StoredPages => _session.Record.CountStored();

    /// <summary>Of them in the eviction file.</summary>
    public long EvictedPages => _local?.Count ?? 0;

    /// <summary>
    /// What has to be kept to go on with the session in another process; changes when the server does, see
    /// <see cref="AttachOptions.TicketChanged"/>.
    /// </summary>
    public SessionTicket Ticket => _session.Ticket;

    /// <summary>
    /// Cancelled when the session is over: somebody else has attached, or it was abandoned for too long. From then on
    /// every outcome is Fenced.
    /// </summary>
    public CancellationToken Fenced => _session.Fenced;

    /// <summary>Whether a slot holds a page, as far as the client's own record goes.</summary>
    /// <param name="slot">The slot.</param>
    public bool IsStored(ulong slot) => _session.Record.IsStored(slot);

    /// <summary>Ends the session. Nothing may be under way.</summary>
    /// <param name="keepPages">
    /// Leave the pages for whoever comes next; else they are dropped, and if they are sealed their keys are erased, so
    /// that they are noise wherever copies of them lie.
    /// </param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>Pages that were dropped; null: the session was over already.</returns>
    /// <exception cref="RemoteSwapException">The call failed; the session may be over or not.</exception>
    /// <exception cref="SealKeyException">The session is over, and its keys could not be erased.</exception>
    public async ValueTask<ulong?> DetachAsync(bool keepPages = false, CancellationToken ct = default)
    {
        ulong? pages = await _session.DetachAsync(keepPages, ct).ConfigureAwait(false);
        bool keeps = keepPages || pages is null;
        await LetGoAsync(keepsFile: keeps).ConfigureAwait(false);
        if (!keeps)
        {
            _sealer?.Shred();
        }

        return pages;
    }

    /// <summary>Lets go of the session without ending it: the server keeps it for a while, to be resumed.</summary>
    public ValueTask DisposeAsync() => LetGoAsync(keepsFile: true);

    private async ValueTask LetGoAsync(bool keepsFile)
    {
        if (_receiver is not null)
        {
            await _receiver.DisposeAsync().ConfigureAwait(false);
        }

        await _session.DisposeAsync().ConfigureAwait(false);
        if (keepsFile)
        {
            _local?.Close();
        }
        else
        {
            _local?.Delete();
        }

        _sealer?.Dispose();
    }
}
