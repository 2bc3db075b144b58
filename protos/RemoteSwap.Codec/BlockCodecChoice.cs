namespace RemoteSwap.Codec;

/// <summary>
/// Which block codec a process uses: the native one where it can be had, since it is the faster one both ways; else the
/// managed one.
/// </summary>
internal static class BlockCodecChoice
{
    /// <summary>
    /// The environment variable that forces one: <c>k4os</c> (managed) or <c>native</c> (liblz4). Unset or empty, the
    /// process chooses.
    /// </summary>
    public const string Variable = "REMOTESWAP_CODEC";

    private const string Managed = "k4os";
    private const string Native = "native";

    /// <summary>The codec by the variable's value.</summary>
    /// <param name="wanted">The value; null if it is not set.</param>
    /// <param name="libraryNames">What the native library may be called.</param>
    /// <exception cref="InvalidOperationException">The value is unknown, or the native library is wanted and cannot be
    /// used; the message says what is missing.</exception>
    public static IBlockCodec Of(string? wanted, IReadOnlyList<string> libraryNames)
    {
        if (wanted == Managed)
        {
            return K4osBlockCodec.Instance;
        }

        if (!string.IsNullOrEmpty(wanted) && wanted != Native)
        {
            throw new InvalidOperationException($"{Variable} is '{wanted}'; {Managed} and {Native} are known");
        }

        if (NativeLz4BlockCodec.TryLoadFrom(
            libraryNames, NativeLz4BlockCodec.MinVersion, out NativeLz4BlockCodec? native, out string? fault))
        {
            return native;
        }

        return wanted == Native
            ? throw new InvalidOperationException(
                $"{Variable} is {Native}, but liblz4 cannot be used: {fault}. Install it (Debian: liblz4-1), or take"
                + " the variable away")
            : K4osBlockCodec.Instance;
    }
}
