namespace RemoteSwap.Pool.Tests.Model;

/// <summary>The pool and the naive model disagree.</summary>
internal sealed class ModelMismatchException(string message) : Exception(message)
{
    /// <summary>Requires that they agree on something.</summary>
    public static void Require(bool agree, string what)
    {
        if (!agree)
        {
            throw new ModelMismatchException(what);
        }
    }

    /// <summary>Requires that a figure is what the model says.</summary>
    public static void RequireEqual<T>(T model, T pool, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(model, pool))
        {
            throw new ModelMismatchException($"{what}: model {model}, pool {pool}");
        }
    }
}
