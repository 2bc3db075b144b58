using CsCheck;

namespace RemoteSwap.Pool.Tests.Model;

/// <summary>One step of a random run.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="A">Which zpage, or how many bytes.</param>
/// <param name="B">A seed, or how often.</param>
internal readonly record struct PoolOperation(PoolOperationKind Kind, int A, int B)
{
    private static readonly int[] Boundaries =
        [1, 2, 63, 64, 65, 127, 128, 129, 1919, 1920, 1983, 1984, 1985, 2047, 2048, 2049, 3903, 3904, 3967, 3968];

    private static readonly int[] InvalidSizes = [int.MinValue, -1, 0, 3969, 4031, 4032, 4033, 4096, int.MaxValue];

    private static readonly Gen<int> Sizes = Gen.Frequency(
        (2, Gen.OneOf(Boundaries)),
        (1, Gen.Int[1, 3968]),
        (1, Gen.Int[1, 700]),
        (1, Gen.Int[1500, 2600]));

    private static readonly Gen<int> Any = Gen.Int[0, 1 << 20];

    /// <summary>Random steps, in proportions that keep a pool at some tens of zpages.</summary>
    public static Gen<PoolOperation> Steps { get; } = Gen.Frequency(
        (32, Of(PoolOperationKind.Allocate, Sizes)),
        (5, Of(PoolOperationKind.AllocateHeadless, Any)),
        (2, Of(PoolOperationKind.Allocate, Gen.OneOf(InvalidSizes))),
        (20, Of(PoolOperationKind.Free, Any)),
        (2, Of(PoolOperationKind.FreeStale, Any)),
        (9, Of(PoolOperationKind.Reclaim, Gen.Int[0, 4])),
        (7, Of(PoolOperationKind.Pin, Any)),
        (7, Of(PoolOperationKind.Unpin, Any)),
        (5, Of(PoolOperationKind.Migrate, Any)),
        (5, Of(PoolOperationKind.MigrateDown, Any)),
        (4, Of(PoolOperationKind.Merge, Any)),
        (2, Of(PoolOperationKind.Refuse, Gen.Int[0, 3])));

    private static Gen<PoolOperation> Of(PoolOperationKind kind, Gen<int> a) =>
        a.Select(Any, (first, second) => new PoolOperation(kind, first, second));
}
