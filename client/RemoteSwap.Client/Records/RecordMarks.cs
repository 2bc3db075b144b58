namespace RemoteSwap.Client.Records;

/// <summary>Notes what is settled of the slots of a load when it begins.</summary>
internal static class RecordMarks
{
    /// <summary>Takes the marks of slots.</summary>
    /// <param name="record">The record; null: none is kept.</param>
    /// <param name="slots">The slots.</param>
    /// <param name="marks">Where they go; made larger where it is too small, and used again.</param>
    public static void Take(PageRecord? record, ReadOnlySpan<ulong> slots, ref RecordMark[] marks)
    {
        if (record is null)
        {
            return;
        }

        if (marks.Length < slots.Length)
        {
            marks = new RecordMark[slots.Length];
        }

        for (int i = 0; i < slots.Length; i++)
        {
            marks[i] = record.MarkOf(slots[i]);
        }
    }
}
