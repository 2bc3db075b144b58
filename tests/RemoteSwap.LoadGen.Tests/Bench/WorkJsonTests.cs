using System.Text.Json;
using CsCheck;
using RemoteSwap.LoadGen.Bench.Cases;
using RemoteSwap.LoadGen.Bench.Wire;
using Xunit;

namespace RemoteSwap.LoadGen.Tests.Bench;

public sealed class WorkJsonTests
{
    [Fact]
    public void A_job_crosses_the_line_unchanged() =>
        (from kind in Gen.Enum<WorkKind>()
         from payload in Gen.Enum<PagePayload>()
         from protocol in Gen.Enum<PeerProtocol>()
         from numbers in Gen.Int.Array[8]
         from pages in Gen.Long
         from seed in Gen.ULong
         from seconds in Gen.Double[0, 1e6]
         from text in Gen.String.Array[3]
         from copies in Gen.Bool
         select new WorkJob
         {
             Kind = kind,
             Payload = payload,
             Protocol = protocol,
             Seconds = seconds,
             Seed = seed,
             Server = text[0],
             Tenant = text[1],
             Target = text[2],
             Tenants = numbers[0],
             FirstArea = numbers[1],
             Areas = numbers[2],
             Streams = numbers[3],
             Batch = numbers[4],
             Callers = numbers[5],
             PageBytes = numbers[6],
             CallsPerSecond = numbers[7],
             StoredPages = pages,
             CopyMemory = copies,
         }).Sample(job =>
         {
             string line = JsonSerializer.Serialize(job, WorkJsonContext.Default.WorkJob);

             Assert.DoesNotContain('\n', line);
             Assert.StartsWith("{", line, StringComparison.Ordinal);
             Assert.Equal(job, JsonSerializer.Deserialize(line, WorkJsonContext.Default.WorkJob));
         });

    [Fact]
    public void A_result_crosses_the_line_unchanged()
    {
        WorkResult result = new()
        {
            Error = "no\nluck",
            Pages = 1,
            Seconds = 2,
            CpuSeconds = 3,
            P50Us = 4,
            P99Us = 5,
            P999Us = 6,
            BadPages = 8,
            ZpageBytes = 9,
        };

        string line = JsonSerializer.Serialize(result, WorkJsonContext.Default.WorkResult);

        Assert.DoesNotContain('\n', line);
        Assert.Equal(result, JsonSerializer.Deserialize(line, WorkJsonContext.Default.WorkResult));
    }
}
