using Grpc.Core;

namespace RemoteSwap.Server.Tests.BadInput;

/// <summary>A call with one thing wrong in it.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="Code">The status that it is refused with.</param>
/// <param name="Field">The field that the refusal names.</param>
/// <param name="Value">A text that shows the value.</param>
/// <param name="CallAsync">Makes the call.</param>
internal sealed record BadCall(
    string Name, StatusCode Code, string Field, string Value, Func<TestServer, Task> CallAsync);
