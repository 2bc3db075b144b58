using Grpc.Core;

namespace RemoteSwap.Server.Access;

/// <summary>From reasons to what a peer and a metric see: the one mapping, which a test walks.</summary>
internal static class AccessReasons
{
    /// <summary>The status of a call that is refused for a reason.</summary>
    public static StatusCode StatusOf(AccessReason reason) => reason switch
    {
        AccessReason.NoCredential or AccessReason.UnknownCredential or AccessReason.ExpiredCredential =>
            StatusCode.Unauthenticated,
        AccessReason.NotAllowed or AccessReason.WrongTenant => StatusCode.PermissionDenied,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "is no reason to refuse"),
    };

    /// <summary>The reason in google.rpc.ErrorInfo.</summary>
    public static string NameOf(AccessReason reason) => reason switch
    {
        AccessReason.NoCredential => "NO_CREDENTIAL",
        AccessReason.UnknownCredential => "UNKNOWN_CREDENTIAL",
        AccessReason.ExpiredCredential => "EXPIRED_CREDENTIAL",
        AccessReason.NotAllowed => "NOT_ALLOWED",
        AccessReason.WrongTenant => "WRONG_TENANT",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "is no reason to refuse"),
    };

    /// <summary>What is at fault, as refusals name it.</summary>
    public static string FieldOf(AccessReason reason) => reason switch
    {
        AccessReason.WrongTenant => "tenant",
        AccessReason.NotAllowed => "method",
        _ => "credential",
    };
}
