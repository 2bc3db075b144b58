using System.Runtime.InteropServices;

namespace RemoteSwap.Server.Access;

/// <summary>Why a credential does not count, or a call may not be made, in words. Never holds a secret.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Problem">What is wrong and what to do.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AccessDenial(AccessReason Reason, string Problem);
