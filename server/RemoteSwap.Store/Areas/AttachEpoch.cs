namespace RemoteSwap.Store;

/// <summary>
/// The number of an area's owner: of two, the greater one came later. Epochs of a later incarnation of the server are
/// greater than those of an earlier one, so one that is left over from there means nothing here.
/// </summary>
/// <param name="Value">The number; 0: no owner.</param>
public readonly record struct AttachEpoch(ulong Value)
{
    /// <summary>No owner: whoever uses an area that nobody owns.</summary>
    public static readonly AttachEpoch None;

    /// <summary>Whether it is no owner's.</summary>
    public bool IsNone => Value == 0;

    /// <summary>The next one of an area.</summary>
    /// <param name="incarnation">The life of the server.</param>
    /// <param name="last">The newest that ever owned the area.</param>
    public static AttachEpoch After(Incarnation incarnation, AttachEpoch last) =>
        new(Math.Max(incarnation.Value, last.Value) + 1);

    /// <summary>Whether this came after another.</summary>
    public bool IsNewerThan(AttachEpoch other) => Value > other.Value;
}
