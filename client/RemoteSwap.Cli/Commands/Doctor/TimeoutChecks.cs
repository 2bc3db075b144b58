using RemoteSwap.Units;

namespace RemoteSwap.Cli.Commands.Doctor;

/// <summary>
/// The ladder of time-outs: a call must give up before the device does, and the device before the kernel calls the
/// task hung. Otherwise the one above fails first and knows less of why. And of <c>nbd</c>: an attempt to connect must
/// end before the call does, and the call before the server drops the pages of an owner that it does not hear of.
/// </summary>
internal static class TimeoutChecks
{
    /// <summary>Makes them.</summary>
    /// <param name="facts">The host.</param>
    /// <param name="call">The call deadline.</param>
    /// <param name="device">The time-out of the block device.</param>
    /// <param name="stall">How long a request of <c>nbd</c> waits for its server.</param>
    /// <param name="kept">How long the server keeps a silent owner's area; null: it did not say.</param>
    public static IEnumerable<CheckResult> Run(
        HostFacts facts, TimeSpan call, TimeSpan device, TimeSpan stall, TimeSpan? kept)
    {
        yield return ConnectBelowStall(stall);
        yield return StallBelowServer(stall, kept);
        yield return CallBelowDevice(call, device);
        yield return DeviceBelowKernel(facts.Setting("kernel/hung_task_timeout_secs"), device);
    }

    private static CheckResult ConnectBelowStall(TimeSpan stall)
    {
        const string Name = "timeouts_connect_stall";
        TimeSpan connect = TimeoutLadder.Connect(stall);
        TimeSpan backoff = TimeoutLadder.Backoff(stall);
        string found = $"connect {DurationText.Format(connect)}, then {DurationText.Format(backoff)}; requests of nbd "
            + $"wait {DurationText.Format(stall)} for the server";
        return connect + backoff < stall
            ? CheckResult.Ok(Name, found)
            : CheckResult.Fail(Name, $"{found}: too short to connect anew", "make --timeout longer");
    }

    private static CheckResult StallBelowServer(TimeSpan stall, TimeSpan? kept)
    {
        const string Name = "timeouts_stall_server";
        string found = $"requests of nbd wait {DurationText.Format(stall)} for the server";
        return kept switch
        {
            null => CheckResult.Warn(
                Name, $"{found}; it does not say how long it keeps a silent owner's area", "see the checks above"),
            { } time when stall >= time => CheckResult.Fail(
                Name,
                $"{found}, which keeps a silent owner's area for {DurationText.Format(time)}: pages could be dropped "
                + "while they are waited for",
                "make --timeout shorter, or the server's Store:AbandonedFor longer"),
            { } time => CheckResult.Ok(
                Name, $"{found}, which keeps a silent owner's area for {DurationText.Format(time)}"),
        };
    }

    private static CheckResult CallBelowDevice(TimeSpan call, TimeSpan device)
    {
        const string Name = "timeouts_call_device";
        string found = $"call deadline {DurationText.Format(call)}, device time-out {DurationText.Format(device)}";
        return (call < device, call * 2 <= device) switch
        {
            (false, _) => CheckResult.Fail(
                Name,
                $"{found}: the device gives up before its call does",
                "make --timeout shorter, or the device's time-out longer (nbd-client -timeout, --device-timeout here)"),
            (true, false) => CheckResult.Warn(
                Name, $"{found}: no room for a second call", "make the device's time-out twice the call deadline"),
            _ => CheckResult.Ok(Name, found),
        };
    }

    private static CheckResult DeviceBelowKernel(long? hungSeconds, TimeSpan device)
    {
        const string Name = "timeouts_device_kernel";
        string found = $"device time-out {DurationText.Format(device)}";
        return hungSeconds switch
        {
            null or 0 => CheckResult.Ok(Name, $"{found}; the kernel does not look for hung tasks"),
            long seconds when device.TotalSeconds >= seconds => CheckResult.Warn(
                Name,
                $"{found}, kernel.hung_task_timeout_secs {seconds}: the kernel complains before the device gives up",
                "make the device's time-out shorter, or kernel.hung_task_timeout_secs longer"),
            long seconds => CheckResult.Ok(Name, $"{found}, kernel.hung_task_timeout_secs {seconds}"),
        };
    }
}
