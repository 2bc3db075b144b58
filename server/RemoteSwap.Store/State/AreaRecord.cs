using System.Text;

namespace RemoteSwap.Store;

/// <summary>What of one area outlives the server: see <see cref="AreaState"/> for what each part means.</summary>
internal sealed record AreaRecord
{
    /// <summary>The most bytes of a record: a tenant's name and a holder of the longest kind, with room to
    /// spare.</summary>
    public const int MaxBytes = 1024;

    private const int LostPagesBit = 1;
    private const int RefusedBit = 2;
    private const int AbandonedBit = 4;
    private const int NothingBit = 8;
    private const int EmptyingBit = 16;

    public required string Tenant { get; init; }

    public required AreaId Area { get; init; }

    public AttachEpoch Owner { get; init; }

    public AttachEpoch LastOwner { get; init; }

    public AttachEpoch FormerOwner { get; init; }

    public AttachEpoch ResumedFrom { get; init; }

    public AttachEpoch ReinstatedFrom { get; init; }

    public SessionToken Token { get; init; }

    public SessionToken Attempt { get; init; }

    public string Holder { get; init; } = "";

    public TimeSpan SilentFor { get; init; }

    public Generation Newest { get; init; }

    public bool HasLostPages { get; init; }

    public bool HasRefused { get; init; }

    public bool WasAbandoned { get; init; }

    public bool HoldsNothing { get; init; }

    public bool IsBeingEmptied { get; init; }

    /// <summary>What is known of an area now.</summary>
    public static AreaRecord Of(string tenant, AreaId area, AreaState state) => new()
    {
        Tenant = tenant,
        Area = area,
        Owner = state.Owner,
        LastOwner = state.LastOwner,
        FormerOwner = state.FormerOwner,
        ResumedFrom = state.ResumedFrom,
        ReinstatedFrom = state.ReinstatedFrom,
        Token = state.Token,
        Attempt = state.Attempt,
        Holder = state.Holder,
        SilentFor = state.SilentFor,
        Newest = state.Newest,
        HasLostPages = state.HasLostPages,
        HasRefused = state.HasRefused,
        WasAbandoned = state.WasAbandoned,
        HoldsNothing = state.HoldsNothing,
        IsBeingEmptied = state.IsBeingEmptied,
    };

    /// <summary>
    /// The same area after its server's memory was lost. Its owner may come back with the epoch it had, but what is
    /// still on its way with that epoch is nobody's any more: the area's epoch is one that nobody was told.
    /// </summary>
    /// <param name="incarnation">The life that begins.</param>
    /// <param name="losesPages">Whether pages of it may be lost.</param>
    public AreaRecord AfterCrash(Incarnation incarnation, bool losesPages = true)
    {
        AttachEpoch untold = Owner.IsNone ? AttachEpoch.None : AttachEpoch.After(incarnation, LastOwner);
        return this with
        {
            Owner = untold,
            LastOwner = untold.IsNone ? LastOwner : untold,
            FormerOwner = FormerOwner.IsNone ? Owner : FormerOwner,
            ReinstatedFrom = AttachEpoch.None,
            SilentFor = TimeSpan.Zero,
            HasLostPages = HasLostPages || (losesPages && !HoldsNothing && !IsBeingEmptied),
        };
    }

    /// <summary>Writes it.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(Tenant);
        writer.Write(Area.Value);
        writer.Write(Owner.Value);
        writer.Write(LastOwner.Value);
        writer.Write(FormerOwner.Value);
        writer.Write(ResumedFrom.Value);
        writer.Write(ReinstatedFrom.Value);
        writer.Write(Token.ToBytes());
        writer.Write(Attempt.ToBytes());
        writer.Write(Holder);
        writer.Write(SilentFor.Ticks);
        writer.Write(Newest.Value);
        writer.Write((byte)((HasLostPages ? LostPagesBit : 0) | (HasRefused ? RefusedBit : 0)
            | (WasAbandoned ? AbandonedBit : 0) | (HoldsNothing ? NothingBit : 0)
            | (IsBeingEmptied ? EmptyingBit : 0)));
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="EndOfStreamException">It is cut off.</exception>
    /// <exception cref="DecoderFallbackException">A name is no text.</exception>
    public static AreaRecord Read(BinaryReader reader)
    {
        AreaRecord record = new()
        {
            Tenant = reader.ReadString(),
            Area = new AreaId(reader.ReadUInt32()),
            Owner = new AttachEpoch(reader.ReadUInt64()),
            LastOwner = new AttachEpoch(reader.ReadUInt64()),
            FormerOwner = new AttachEpoch(reader.ReadUInt64()),
            ResumedFrom = new AttachEpoch(reader.ReadUInt64()),
            ReinstatedFrom = new AttachEpoch(reader.ReadUInt64()),
            Token = ReadToken(reader),
            Attempt = ReadToken(reader),
            Holder = reader.ReadString(),
            SilentFor = new TimeSpan(reader.ReadInt64()),
            Newest = new Generation(reader.ReadUInt64()),
        };
        byte flags = reader.ReadByte();
        return record with
        {
            HasLostPages = (flags & LostPagesBit) != 0,
            HasRefused = (flags & RefusedBit) != 0,
            WasAbandoned = (flags & AbandonedBit) != 0,
            HoldsNothing = (flags & NothingBit) != 0,
            IsBeingEmptied = (flags & EmptyingBit) != 0,
        };
    }

    private static SessionToken ReadToken(BinaryReader reader) =>
        SessionToken.TryRead(reader.ReadBytes(SessionToken.Bytes), out SessionToken token)
            ? token
            : throw new EndOfStreamException("a token is cut off");
}
