namespace RemoteSwap.Server.Management;

/// <summary>What an operator asks first, answered.</summary>
/// <param name="Word">accepting, full, disabled, broken or draining.</param>
/// <param name="Accepting">Whether any tenant's new pages are taken now.</param>
/// <param name="Health">What both health protocols say: Healthy, Degraded or Unhealthy.</param>
/// <param name="Problems">Why not all is well, in words; at most <see cref="MaxProblems"/>.</param>
internal sealed record ConsoleState(string Word, bool Accepting, string Health, IReadOnlyList<string> Problems)
{
    /// <summary>More say nothing new.</summary>
    public const int MaxProblems = 16;

    /// <summary>The state of a server.</summary>
    /// <param name="stopping">Whether it is shutting down.</param>
    /// <param name="server">Its figures.</param>
    /// <param name="tenants">All its tenants.</param>
    /// <param name="health">What its health check says.</param>
    /// <param name="reported">And why.</param>
    public static ConsoleState Of(
        bool stopping,
        ConsoleServer server,
        IReadOnlyCollection<ConsoleTenant> tenants,
        string health,
        IEnumerable<string> reported)
    {
        // A server at its limit takes what a guarantee covers.
        bool accepting = !stopping && tenants.Any(one => one is { Enabled: true, ReachedLimit: false, Poisoned: false }
            && (!server.ReachedLimit || one.UsedBytes < one.GuaranteeBytes));
        string word = stopping ? "draining"
            : tenants.Any(one => one.Poisoned) ? "broken"
            : !tenants.Any(one => one.Enabled) ? "disabled"
            : accepting ? "accepting"
            : "full";
        IEnumerable<string> own =
            from one in tenants
            let problem = !one.Enabled ? "takes no new pages: disabled" : one.ReachedLimit ? "is at its limit" : null
            where problem is not null
            select $"tenant '{one.Tenant}' {problem}";
        return new ConsoleState(word, accepting, health, [.. reported.Concat(own).Take(MaxProblems)]);
    }
}
