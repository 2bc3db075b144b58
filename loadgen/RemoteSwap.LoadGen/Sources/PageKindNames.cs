namespace RemoteSwap.LoadGen.Sources;

/// <summary>How reports name the kinds of pages. The names are part of the JSON output.</summary>
internal static class PageKindNames
{
    private static readonly string[] s_names =
    [
        "managed code", "native code", "text", "other files", "own memory", "process memory", "synthetic",
    ];

    /// <summary>How many kinds there are.</summary>
    public static int Count => s_names.Length;

    /// <summary>The kind's name.</summary>
    public static string Of(PageKind kind) => s_names[(int)kind];
}
