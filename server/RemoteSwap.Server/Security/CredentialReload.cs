namespace RemoteSwap.Server.Security;

/// <summary>What came of a change of certificates or tokens.</summary>
/// <param name="Files">The files that changed.</param>
/// <param name="Problem">Why they are not used; null: they are.</param>
internal sealed record CredentialReload(string Files, string? Problem);
