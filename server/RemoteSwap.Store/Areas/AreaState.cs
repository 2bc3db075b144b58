namespace RemoteSwap.Store;

/// <summary>
/// What is known of one area: who owns it, what it has seen, and whether pages of it were lost with an earlier life of
/// the server.
/// <para>
/// <see cref="Owner"/> is read by every operation under its shard's lock. Whoever changes it then takes and lets go of
/// all those locks (<see cref="AreaSessions"/>): afterwards no operation of the former owner is under way, and none
/// begins. <see cref="Newest"/> and <see cref="WasHeard"/> are written once a batch, without a lock. The rest is
/// guarded by the lock of the tenant's sessions.
/// </para>
/// </summary>
internal sealed class AreaState
{
    private ulong _owner;
    private ulong _newest;
    private EvictionOutlet? _outlet;

    /// <summary>The owner; none: anybody.</summary>
    public AttachEpoch Owner
    {
        get => new(Volatile.Read(ref _owner));
        set => Volatile.Write(ref _owner, value.Value);
    }

    /// <summary>The newest generation that was asked for.</summary>
    public Generation Newest => new(Volatile.Read(ref _newest));

    /// <summary>Whether the owner was heard of since the last look.</summary>
    public bool WasHeard { get; set; }

    /// <summary>
    /// Whether slots may have held pages in an earlier incarnation. Such a slot is lost, not empty, until it is stored
    /// or invalidated.
    /// </summary>
    public bool HasLostPages { get; set; }

    /// <summary>
    /// Whether a store was refused, and the page that it was to replace went with it. Its caller knows; a client that
    /// begins its record anew does not, and must not take such a slot for one that never held a page.
    /// </summary>
    public bool HasRefused { get; set; }

    /// <summary>Whether pages were dropped because their owner was silent for too long, and nobody came
    /// since.</summary>
    public bool WasAbandoned { get; set; }

    /// <summary>The newest epoch that ever owned the area, as far as this server knows.</summary>
    public AttachEpoch LastOwner { get; set; }

    /// <summary>
    /// The epoch that the owner had in a life of the server that ended with a crash, until it comes back; else none.
    /// </summary>
    public AttachEpoch FormerOwner { get; set; }

    /// <summary>
    /// Whether the area was emptied when its last owner went: then there is nothing that a crash could lose.
    /// </summary>
    public bool HoldsNothing { get; set; }

    /// <summary>
    /// Whether it is being emptied for its new owner: what a crash leaves of it meanwhile is nobody's any more.
    /// </summary>
    public bool IsBeingEmptied { get; set; }

    /// <summary>The epoch that the owner had when it resumed its session; none: it did not.</summary>
    public AttachEpoch ResumedFrom { get; set; }

    /// <summary>Tells the attach by which the owner came from others.</summary>
    public SessionToken Attempt { get; set; }

    /// <summary>
    /// The epoch, of an earlier incarnation, with which the owner's session came here; none: it began here.
    /// </summary>
    public AttachEpoch ReinstatedFrom { get; set; }

    /// <summary>Sessions that owned it in this life of the server.</summary>
    public FormerTokens Former { get; } = new();

    /// <summary>What proves the owner's session.</summary>
    public SessionToken Token { get; set; }

    /// <summary>Who owns it, for a person.</summary>
    public string Holder { get; set; } = string.Empty;

    /// <summary>For how long the owner has not been heard of, in time that the server was awake.</summary>
    public TimeSpan SilentFor { get; set; }

    /// <summary>Becomes what a record says, but for what requests change meanwhile.</summary>
    public void Change(AreaRecord record)
    {
        if (!Owner.IsNone && (record.Owner.IsNone || record.Token != Token))
        {
            Former.Add(Token);
        }

        Owner = record.Owner;
        LastOwner = record.LastOwner;
        FormerOwner = record.FormerOwner;
        ResumedFrom = record.ResumedFrom;
        ReinstatedFrom = record.ReinstatedFrom;
        Token = record.Token;
        Attempt = record.Attempt;
        Holder = record.Holder;
        HasLostPages = record.HasLostPages;
        WasAbandoned = record.WasAbandoned;
        HoldsNothing = record.HoldsNothing;
        IsBeingEmptied = record.IsBeingEmptied;
    }

    /// <summary>Becomes what an earlier life of the server left; before anything is served.</summary>
    public void Restore(AreaRecord record)
    {
        Change(record);
        HasRefused = record.HasRefused;
        SilentFor = record.SilentFor;
        WasHeard = true;
        Saw(record.Newest.Value);
    }

    /// <summary>The way to hand pages to the owner; null: there is none. Closed whenever the owner changes.</summary>
    public EvictionOutlet? Outlet
    {
        get => Volatile.Read(ref _outlet);
        set => Volatile.Write(ref _outlet, value);
    }

    /// <summary>Closes the way to hand pages to the owner, if there is one.</summary>
    public void CloseOutlet(EvictionEnd why)
    {
        Outlet?.Close(why);
        Outlet = null;
    }

    /// <summary>Forgets which generations were asked for.</summary>
    public void ForgetNewest() => Volatile.Write(ref _newest, 0);

    /// <summary>Notes the generations of a batch, before any of it has an effect.</summary>
    public void Saw(ulong newest) => AtomicMost.Note(ref _newest, newest);
}
