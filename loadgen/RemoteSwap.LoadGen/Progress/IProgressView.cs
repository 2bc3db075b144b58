namespace RemoteSwap.LoadGen.Progress;

/// <summary>Shows how far a run is. Begin and End come from one thread, Update from another in between.</summary>
internal interface IProgressView
{
    /// <summary>A step that has no measure begins.</summary>
    void Note(string text);

    /// <summary>A phase begins.</summary>
    void Begin(PhaseProgress progress);

    /// <summary>A phase goes on; called several times a second.</summary>
    void Update(PhaseProgress progress, TimeSpan elapsed);

    /// <summary>A phase is over.</summary>
    void End(PhaseProgress progress, TimeSpan elapsed);
}
