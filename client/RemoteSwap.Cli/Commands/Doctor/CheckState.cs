using System.Text.Json.Serialization;

namespace RemoteSwap.Cli.Commands.Doctor;

/// <summary>How a check ended.</summary>
internal enum CheckState
{
    /// <summary>As it should be.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>Works, but will be regretted.</summary>
    [JsonStringEnumMemberName("warn")]
    Warn,

    /// <summary>Does not work, or must not be used like this.</summary>
    [JsonStringEnumMemberName("fail")]
    Fail,
}
