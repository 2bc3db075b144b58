namespace RemoteSwap.Fuzz.Core;

/// <summary>Something a judge found wrong: not a crash, but a rule that does not hold.</summary>
internal sealed class FindingException(string message) : Exception(message)
{
    /// <summary>Throws unless a rule holds.</summary>
    public static void Unless(bool holds, string rule)
    {
        if (!holds)
        {
            throw new FindingException(rule);
        }
    }
}
