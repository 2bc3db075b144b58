namespace RemoteSwap.Store;

/// <summary>
/// The pages that an earlier life of the server left in the writeback target: the part of <see cref="PageStore"/> that
/// brings them back. Until that is done, nothing else may be: a page that is not back yet would be answered as none, or
/// come back over what was done to it.
/// </summary>
public sealed class KeptPages
{
    private readonly PageStore _store;
    private volatile bool _isReady;

    internal KeptPages(PageStore store)
    {
        _store = store;
        _isReady = store.Target?.Book is null;
    }

    /// <summary>What <see cref="RestoreAsync"/> found.</summary>
    public RestoredPages Restored { get; private set; }

    /// <summary>Brings them back, if the writeback target is kept.</summary>
    /// <param name="isWhole">Whether that life ended with a drain, and nothing that was in memory is lost.</param>
    /// <param name="keepsCrowded">
    /// Whether pages for which there is no room stay noted, for another start. If there are any, the store must not be
    /// used.
    /// </param>
    /// <param name="cancellation">Gives up; the store must not be used then.</param>
    public async Task RestoreAsync(
        bool isWhole = false, bool keepsCrowded = false, CancellationToken cancellation = default)
    {
        if (_isReady || _store.Target is not { Book: { } book } target)
        {
            return;
        }

        Restored = await new SpillRecovery(_store, target, book, isWhole, keepsCrowded).RunAsync(cancellation);
        foreach (Tenant tenant in _store.Tenants)
        {
            // Nothing of its earlier life is left, if that was not to be believed.
            book.Trust(tenant.Number);
        }

        _isReady = true;
    }

    /// <summary>The tenants' numbers: those that images name them by, or else in their order.</summary>
    internal static IEnumerable<(string Name, uint Number)> NumberTenants(
        IWritebackTarget? target, IEnumerable<string> tenants)
    {
        string[] names = [.. tenants.Order(StringComparer.Ordinal)];
        uint[] numbers = target?.Book?.NumberTenants(names) ?? [.. names.Select((_, number) => (uint)number)];
        return names.Zip(numbers);
    }

    /// <summary>Requires that they are back.</summary>
    internal void RequireReady()
    {
        if (!_isReady)
        {
            throw new InvalidOperationException($"{nameof(RestoreAsync)} has to be completed first");
        }
    }
}
