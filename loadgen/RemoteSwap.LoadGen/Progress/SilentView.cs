namespace RemoteSwap.LoadGen.Progress;

/// <summary>Shows nothing.</summary>
internal sealed class SilentView : IProgressView
{
    /// <inheritdoc/>
    public void Note(string text)
    {
        // Silent.
    }

    /// <inheritdoc/>
    public void Begin(PhaseProgress progress)
    {
        // Silent.
    }

    /// <inheritdoc/>
    public void Update(PhaseProgress progress, TimeSpan elapsed)
    {
        // Silent.
    }

    /// <inheritdoc/>
    public void End(PhaseProgress progress, TimeSpan elapsed)
    {
        // Silent.
    }
}
