namespace RemoteSwap.LoadGen.Options;

/// <summary>In which order slots are touched.</summary>
internal enum DistributionKind
{
    /// <summary>Every slot alike.</summary>
    Uniform,

    /// <summary>A few slots much more often than the rest (exponent 0.99).</summary>
    Zipf,

    /// <summary>From the first slot to the last, again and again.</summary>
    Sequential,

    /// <summary>A sequential scan, every second access in a hot set.</summary>
    Scan,
}
