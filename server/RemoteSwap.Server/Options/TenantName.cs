namespace RemoteSwap.Server.Options;

/// <summary>What a tenant, or an administrator, may be called.</summary>
internal static class TenantName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>What is allowed, for messages.</summary>
    public static string Allowed => $"1 to {MaxLength} letters, digits, '-', '_' or '.'";

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaxLength
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
