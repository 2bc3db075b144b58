using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace RemoteSwap.Codec;

/// <summary>
/// LZ4 by the liblz4 that is installed on this machine: encoding takes about three quarters of the managed codec's
/// time.
/// <para>
/// What it is not: something to rely on. Where the library is missing, too old, or does not do what it should, it
/// cannot be had (<see cref="TryLoad"/>), and <see cref="K4osBlockCodec"/> does the same work. Blocks of either are
/// read by both.
/// </para>
/// <para>
/// Trade-offs. LZ4_compress_default keeps its table on the stack, so there is no state to own for each thread; a table
/// that is kept (LZ4_compress_fast_extState) measures the same, and the "fast reset" variants clear it anyway for
/// inputs of 4 KiB. A call is announced to the garbage collector, which costs some 20 of the 1,000 to 7,000 ns that it
/// takes: without (SuppressGCTransition) every collection would have to wait for it, which is meant for calls below 1
/// us.
/// </para>
/// <para>Stateless; any thread may call it.</para>
/// </summary>
public sealed unsafe class NativeLz4BlockCodec : IBlockCodec
{
    /// <summary>
    /// The oldest version that is used, as LZ4_versionNumber tells it: before 1.9.2 an encoder could write behind its
    /// room.
    /// </summary>
    internal const int MinVersion = 1_09_02;

    private readonly delegate* unmanaged<byte*, byte*, int, int, int> _compress;
    private readonly delegate* unmanaged<byte*, byte*, int, int, int> _decompress;

    private NativeLz4BlockCodec(nint compress, nint decompress, int version)
    {
        _compress = (delegate* unmanaged<byte*, byte*, int, int, int>)compress;
        _decompress = (delegate* unmanaged<byte*, byte*, int, int, int>)decompress;
        Name = $"liblz4 {NameOf(version)}";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>What the library is called on the systems that .NET runs on. The first one found is taken.</summary>
    internal static IReadOnlyList<string> LibraryNames { get; } =
        ["liblz4.so.1", "liblz4.1.dylib", "liblz4.dylib", "liblz4.dll", "lz4.dll"];

    /// <summary>Looks for the library and puts it to the test.</summary>
    /// <param name="codec">The codec, if the library can be used.</param>
    /// <param name="fault">Otherwise, why not.</param>
    public static bool TryLoad(
        [NotNullWhen(true)] out NativeLz4BlockCodec? codec, [NotNullWhen(false)] out string? fault) =>
        TryLoadFrom(LibraryNames, MinVersion, out codec, out fault);

    /// <summary>Looks for a library of other names or versions.</summary>
    /// <param name="names">Names to look for.</param>
    /// <param name="minVersion">The oldest version to accept.</param>
    /// <param name="codec">The codec, if the library can be used.</param>
    /// <param name="fault">Otherwise, why not.</param>
    internal static bool TryLoadFrom(
        IReadOnlyList<string> names,
        int minVersion,
        [NotNullWhen(true)] out NativeLz4BlockCodec? codec,
        [NotNullWhen(false)] out string? fault)
    {
        foreach (string name in names)
        {
            if (!NativeLibrary.TryLoad(
                name, typeof(NativeLz4BlockCodec).Assembly, DllImportSearchPath.SafeDirectories, out nint library))
            {
                continue;
            }

            if (TryCreate(library, minVersion, out codec, out fault))
            {
                return true;
            }

            NativeLibrary.Free(library);
            fault = $"{name}: {fault}";
            return false;
        }

        codec = null;
        fault = $"the system finds none of {string.Join(", ", names)}";
        return false;
    }

    /// <inheritdoc/>
    public int Encode(ReadOnlySpan<byte> page, Span<byte> block)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(page.Length, PageSize.Bytes);

        // An empty span has no address to give away.
        if (block.IsEmpty)
        {
            return 0;
        }

        fixed (byte* from = page)
        fixed (byte* to = block)
        {
            return Math.Max(0, _compress(from, to, page.Length, block.Length));
        }
    }

    /// <inheritdoc/>
    public bool TryDecode(ReadOnlySpan<byte> block, Span<byte> page)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(page.Length, PageSize.Bytes);
        if (block.IsEmpty)
        {
            return false;
        }

        fixed (byte* from = block)
        fixed (byte* to = page)
        {
            return _decompress(from, to, block.Length, page.Length) == page.Length;
        }
    }

    private static bool TryCreate(
        nint library,
        int minVersion,
        [NotNullWhen(true)] out NativeLz4BlockCodec? codec,
        [NotNullWhen(false)] out string? fault)
    {
        codec = null;
        if (!NativeLibrary.TryGetExport(library, "LZ4_versionNumber", out nint versionNumber)
            || !NativeLibrary.TryGetExport(library, "LZ4_compress_default", out nint compress)
            || !NativeLibrary.TryGetExport(library, "LZ4_decompress_safe", out nint decompress))
        {
            fault = "it lacks LZ4_versionNumber, LZ4_compress_default or LZ4_decompress_safe";
            return false;
        }

        int version = ((delegate* unmanaged<int>)versionNumber)();
        if (version < minVersion)
        {
            fault = $"it is {NameOf(version)}; {NameOf(minVersion)} is needed";
            return false;
        }

        NativeLz4BlockCodec created = new(compress, decompress, version);
        fault = BlockCodecCheck.FindFault(created);
        codec = fault is null ? created : null;
        return fault is null;
    }

    private static string NameOf(int version) => $"{version / 10_000}.{version / 100 % 100}.{version % 100}";
}
