using System.Globalization;
using Microsoft.Win32.SafeHandles;
using RemoteSwap.Codec;

namespace RemoteSwap.LoadGen.Sources;

/// <summary>
/// Pages of a process's memory, read once through <c>/proc/PID/mem</c>: of all mappings that are readable and writable,
/// the pages that are in memory now. What is mapped is looked up when the source is opened, so that buffers made later
/// are no part of it. Pages of a mapping that is gone by then are left out. The memory goes nowhere but to the corpus.
/// </summary>
internal sealed class ProcessMemorySource : IPageSource
{
    private readonly PageKind _kind;
    private readonly SafeFileHandle _memory;
    private readonly IReadOnlyList<PageRun> _runs;
    private readonly bool _presenceKnown;
    private int _run;
    private int _pageOfRun;

    private ProcessMemorySource(
        string name, PageKind kind, SafeFileHandle memory, IReadOnlyList<PageRun> runs, bool presenceKnown)
    {
        Name = name;
        _kind = kind;
        _memory = memory;
        _runs = runs;
        _presenceKnown = presenceKnown;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Pages found in memory.</summary>
    public long Pages => _runs.Sum(run => (long)run.Pages);

    /// <summary>Opens this process's own memory.</summary>
    /// <exception cref="SourceUnavailableException">The system does not show it.</exception>
    public static ProcessMemorySource OpenSelf() => Open("self", "self", PageKind.OwnMemory);

    /// <summary>Opens another process's memory.</summary>
    /// <param name="processId">The process.</param>
    /// <exception cref="SourceUnavailableException">There is no such process, or it may not be read.</exception>
    public static ProcessMemorySource Open(int processId)
    {
        string id = processId.ToString(CultureInfo.InvariantCulture);
        return Open($"pid:{id}", id, PageKind.ProcessMemory);
    }

    /// <inheritdoc/>
    public int Read(Span<byte> pages, Span<PageKind> kinds)
    {
        int room = pages.Length / PageSize.Bytes;
        int read = 0;
        while (read < room && _run < _runs.Count)
        {
            PageRun run = _runs[_run];
            int wanted = Math.Min(room - read, run.Pages - _pageOfRun);
            Span<byte> target = pages.Slice(read * PageSize.Bytes, wanted * PageSize.Bytes);
            int got = ReadMemory(run.Address + ((long)_pageOfRun * PageSize.Bytes), target) / PageSize.Bytes;
            read += _presenceKnown ? got : WithoutZeroPages(target[..(got * PageSize.Bytes)]);
            _pageOfRun += got;

            // The rest of a run that was unmapped meanwhile can not be read.
            if (_pageOfRun == run.Pages || got < wanted)
            {
                _run++;
                _pageOfRun = 0;
            }
        }

        kinds[..read].Fill(_kind);
        return read;
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private static ProcessMemorySource Open(string name, string process, PageKind kind)
    {
        try
        {
            IReadOnlyList<PageRun> mapped = MemoryMaps.Parse(File.ReadLines($"/proc/{process}/maps"));
            SafeFileHandle memory = File.OpenHandle($"/proc/{process}/mem");
            IReadOnlyList<PageRun>? present = PageMap.TryKeepPresent($"/proc/{process}/pagemap", mapped);
            return new ProcessMemorySource(name, kind, memory, present ?? mapped, present is not null);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new SourceUnavailableException(
                $"--source {name}: the memory of process {process} may not be read. Run as its user, with "
                + "ptrace allowed (kernel.yama.ptrace_scope), or as root.",
                isPermission: true,
                denied);
        }
        catch (IOException failed)
        {
            throw new SourceUnavailableException(
                $"--source {name}: process {process} is not there or its memory can not be read ({failed.Message}). "
                + "Give the id of a running process.",
                isPermission: false,
                failed);
        }
    }

    private int ReadMemory(long address, Span<byte> target)
    {
        try
        {
            return RandomAccess.Read(_memory, target, address);
        }
        catch (IOException)
        {
            // The mapping is gone, or is one that the kernel does not show.
            return 0;
        }
    }

    // Where the system does not tell which pages exist, untouched ones read as zeroes; leave all zero pages out rather
    // than count memory that is none.
    private static int WithoutZeroPages(Span<byte> pages)
    {
        int kept = 0;
        for (int offset = 0; offset < pages.Length; offset += PageSize.Bytes)
        {
            Span<byte> page = pages.Slice(offset, PageSize.Bytes);
            if (page.IndexOfAnyExcept((byte)0) >= 0)
            {
                page.CopyTo(pages[(kept * PageSize.Bytes)..]);
                kept++;
            }
        }

        return kept;
    }
}
