namespace RemoteSwap.EndToEnd.Tests.Processes;

/// <summary>What a process said and how it ended.</summary>
internal sealed record ProcessResult(int ExitCode, string Output, string Errors);
