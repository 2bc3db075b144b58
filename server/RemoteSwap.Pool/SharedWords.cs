using Microsoft.Win32.SafeHandles;

namespace RemoteSwap.Pool;

/// <summary>
/// A file as 64-bit words in memory. To write one is a plain store: no system call, no wait. It is in the system's
/// cache of the file from then on, so whoever opens the file reads it, also after this process was killed. On the disk
/// it is when the system writes it there.
/// <para>
/// What it is not: proof against a machine that stops; that takes a flush of the file. And the file must not become
/// shorter: to touch a word that is not there any more ends the process. The owner sees to it that the disk has room
/// for the whole file before it is mapped.
/// </para>
/// <para>
/// Thread-safe word by word; what a word means and who may write it is the owner's business. Like the arena's memory, a
/// mapping stays until nothing refers to it.
/// </para>
/// </summary>
public sealed unsafe class SharedWords
{
    private readonly Reservation _memory;
    private readonly ulong* _words;

    /// <summary>Maps a file.</summary>
    /// <param name="file">The file, at least as long as the words; may be closed afterwards.</param>
    /// <param name="words">How many words, from the file's begin; at least 1.</param>
    public SharedWords(SafeFileHandle file, long words)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(words, 1);
        Count = words;
        _memory = VirtualMemory.Map(file, words * sizeof(ulong));
        _words = (ulong*)_memory.Start;
    }

    /// <summary>How many words.</summary>
    public long Count { get; }

    /// <summary>A word.</summary>
    public ulong this[long word]
    {
        get => Volatile.Read(ref At(word));
        set => Volatile.Write(ref At(word), value);
    }

    /// <summary>Sets bits of a word.</summary>
    public void Set(long word, ulong bits) => Interlocked.Or(ref At(word), bits);

    /// <summary>Clears bits of a word.</summary>
    public void Clear(long word, ulong bits) => Interlocked.And(ref At(word), ~bits);

    private ref ulong At(long word)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)word, (ulong)Count, nameof(word));
        return ref _words[word];
    }
}
