namespace RemoteSwap.Client.Tests;

// What holds for calls holds for streams: every test of the library's behaviour runs over both.

public sealed class ArgumentTestsOverCalls() : ArgumentTests(0);

public sealed class ArgumentTestsOverStreams() : ArgumentTests(2);

public sealed class BatchTestsOverCalls() : BatchTests(0);

public sealed class BatchTestsOverStreams() : BatchTests(2);

public sealed class DeadlineTestsOverCalls() : DeadlineTests(0);

public sealed class DeadlineTestsOverStreams() : DeadlineTests(2);

public sealed class ErrorTestsOverCalls() : ErrorTests(0);

public sealed class ErrorTestsOverStreams() : ErrorTests(2);

public sealed class GenerationTestsOverCalls() : GenerationTests(0);

public sealed class GenerationTestsOverStreams() : GenerationTests(2);

public sealed class InvalidateTestsOverCalls() : InvalidateTests(0);

public sealed class InvalidateTestsOverStreams() : InvalidateTests(2);

public sealed class LyingLoadTestsOverCalls() : LyingLoadTests(0);

public sealed class LyingLoadTestsOverStreams() : LyingLoadTests(2);

public sealed class LyingReplyTestsOverCalls() : LyingReplyTests(0);

public sealed class LyingReplyTestsOverStreams() : LyingReplyTests(2);

public sealed class RandomReplyTestsOverCalls() : RandomReplyTests(0);

public sealed class RandomReplyTestsOverStreams() : RandomReplyTests(2);

public sealed class RetryTestsOverCalls() : RetryTests(0);

public sealed class RetryTestsOverStreams() : RetryTests(2);

public sealed class RoundTripTestsOverCalls() : RoundTripTests(0);

public sealed class RoundTripTestsOverStreams() : RoundTripTests(2);

public sealed class TakeOverTestsOverCalls() : TakeOverTests(0);

public sealed class TakeOverTestsOverStreams() : TakeOverTests(2);
