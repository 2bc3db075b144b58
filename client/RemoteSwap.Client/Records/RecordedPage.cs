using System.Runtime.InteropServices;

namespace RemoteSwap.Client.Records;

/// <summary>
/// A slot in the record: 16 bytes. <see cref="Issued"/> is the lower half of the newest generation that was given to a
/// store of the slot: enough to tell the newest from the others, of which fewer than 2^32 are under way.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RecordedPage
{
    public RecordMark Mark;
    public uint Checksum;
    public uint Issued;
}
