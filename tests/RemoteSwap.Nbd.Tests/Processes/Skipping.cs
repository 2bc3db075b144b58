namespace RemoteSwap.Nbd.Tests.Processes;

/// <summary>What is not installed skips a test, unless skipping is forbidden: then it fails.</summary>
internal static class Skipping
{
    /// <summary>Set to 1: nothing may be skipped.</summary>
    public const string Forbidden = "TESTS_NO_SKIP";

    /// <summary>Skips the test, or fails it, unless something is there.</summary>
    public static void Unless(bool isThere, string reason)
    {
        if (isThere)
        {
            return;
        }

        if (Environment.GetEnvironmentVariable(Forbidden) == "1")
        {
            Assert.Fail($"{reason} ({Forbidden} is set, so this may not be skipped)");
        }

        Assert.Skip(reason);
    }
}
