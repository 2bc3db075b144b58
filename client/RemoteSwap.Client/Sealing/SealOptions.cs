namespace RemoteSwap.Client;

/// <summary>
/// Seals pages: they are encrypted here, after compression, and the server sees ciphertext, lengths, slots and times.
/// <para>
/// Pages that were stored without sealing can not be read with it, nor sealed ones without it: they are Corrupt. Begin
/// with an empty area. The keys of an area stand in its key ring, a file on this machine, wrapped by the user's key;
/// without either its pages are noise.
/// </para>
/// </summary>
public sealed record SealOptions
{
    /// <summary>
    /// A file with the user's key: 32 bytes, or their Base64 or hexadecimal. Nobody but its owner may have any right to
    /// it. Either this or <see cref="KeyCommand"/>. Default: none.
    /// </summary>
    public string? KeyFile { get; init; }

    /// <summary>
    /// A program of a key manager, called as <c>PROGRAM wrap TENANT AREA</c> with the Base64 of a new user key on its
    /// standard input, and as <c>PROGRAM unwrap TENANT AREA</c> with what it then wrote; in 10 seconds at most it
    /// writes at most 4,096 bytes of text. Default: none.
    /// </summary>
    public string? KeyCommand { get; init; }

    /// <summary>
    /// The folder of the key rings, made if it is not there. Default: the key file's path and <c>.rings</c>; to be
    /// given with a key command. On a file system in memory a ring that was erased is certainly gone.
    /// </summary>
    public string? RingFolder { get; init; }

    /// <summary>
    /// What becomes of same-filled pages. Default: they are sealed. A change holds for new pages; those in the clear
    /// can not be read any more once it is back at the default.
    /// </summary>
    public SealFill Fill { get; init; }

    /// <summary>The folder in force.</summary>
    internal string Rings => RingFolder ?? KeyFile + ".rings";

    internal void AddErrors(List<string> errors)
    {
        if (string.IsNullOrEmpty(KeyFile) == string.IsNullOrEmpty(KeyCommand))
        {
            errors.Add($"{nameof(KeyFile)} '{KeyFile}' and {nameof(KeyCommand)} '{KeyCommand}': name one of them");
        }

        if (string.IsNullOrEmpty(KeyFile) && string.IsNullOrEmpty(RingFolder))
        {
            errors.Add($"{nameof(RingFolder)} is not given; with a {nameof(KeyCommand)} name the folder of key rings");
        }

        if (Fill is not (SealFill.Sealed or SealFill.Clear))
        {
            errors.Add($"{nameof(Fill)} is {Fill}; it must be {SealFill.Sealed} or {SealFill.Clear}");
        }
    }
}
