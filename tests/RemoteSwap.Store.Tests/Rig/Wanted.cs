using System.Globalization;

namespace RemoteSwap.Store.Tests.Rig;

/// <summary>What a person wants of a test, by variables of the environment.</summary>
internal static class Wanted
{
    /// <summary>A number; null: nothing is wanted.</summary>
    public static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int value)
            ? value
            : null;
}
