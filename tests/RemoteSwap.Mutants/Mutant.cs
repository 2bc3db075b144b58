namespace RemoteSwap.Mutants;

/// <summary>A bug to put into the sources: a name, and the edits that make it.</summary>
public sealed record Mutant
{
    /// <summary>Creates a mutant of several edits.</summary>
    /// <param name="name">What is wrong in it, in a few words.</param>
    /// <param name="edits">The edits; several may change one file.</param>
    public Mutant(string name, params SourceEdit[] edits)
    {
        Name = name;
        Edits = edits;
    }

    /// <summary>Creates a mutant of one edit.</summary>
    public Mutant(string name, string fileName, string find, string replacement)
        : this(name, new SourceEdit(fileName, find, replacement))
    {
    }

    /// <summary>What is wrong in it.</summary>
    public string Name { get; }

    /// <summary>The edits that make it.</summary>
    public IReadOnlyList<SourceEdit> Edits { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
