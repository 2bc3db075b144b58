using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace RemoteSwap.Simulation.Network;

/// <summary>The body of a request that comes through a pipe.</summary>
/// <param name="Reader">Its end.</param>
internal sealed record PipeRequest(PipeReader Reader) : IRequestBodyPipeFeature;
