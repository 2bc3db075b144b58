using RemoteSwap.Units;

namespace RemoteSwap.Cli.Commands.Doctor;

/// <summary>
/// The ladder of time-outs: a call must give up before the device does, and the device before the kernel calls the
/// task hung. Otherwise the one above fails first and knows less of why.
/// </summary>
internal static class TimeoutChecks
{
    /// <summary>Makes them.</summary>
    /// <param name="facts">The host.</param>
    /// <param name="call">The call deadline.</param>
    /// <param name="device">The time-out of the block device.</param>
    public static IEnumerable<CheckResult> Run(HostFacts facts, TimeSpan call, TimeSpan device)
    {
        yield return CallBelowDevice(call, device);
        yield return DeviceBelowKernel(facts.Setting("kernel/hung_task_timeout_secs"), device);
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
