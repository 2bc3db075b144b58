using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;

namespace RemoteSwap.Mutants;

/// <summary>The program that runs one mutant: a request on standard input, the reply on standard output.</summary>
internal static class Program
{
    private const string SkipMark = "$XunitDynamicSkip$";

    private static int Main()
    {
        MutantRequest request =
            JsonSerializer.Deserialize(Console.In.ReadToEnd(), MutantJson.Default.MutantRequest)
            ?? throw new InvalidOperationException("no request came");

        // What a test prints is for people.
        TextWriter replies = Console.Out;
        Console.SetOut(Console.Error);
        MutantReply reply = Run(request);
        replies.Write(JsonSerializer.Serialize(reply, MutantJson.Default.MutantReply));
        replies.Flush();

        // A mutant's threads may go on without end.
        Environment.Exit(0);
        return 0;
    }

    private static MutantReply Run(MutantRequest request)
    {
        const BindingFlags Any =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;
        using FileStream image = File.OpenRead(request.ImagePath);
        Assembly assembly = AssemblyLoadContext.Default.LoadFromStream(image);
        if (assembly.GetType(request.TypeName) is not { } type)
        {
            return new MutantReply(null, $"mutant '{request.Name}': no type {request.TypeName} in the build");
        }

        return type.GetMethod(request.MethodName, Any) is { } method
            ? Invoke(request, type, method)
            : new MutantReply(
                null, $"mutant '{request.Name}': no method {request.MethodName} in {request.TypeName}");
    }

    private static MutantReply Invoke(MutantRequest request, Type type, MethodInfo method)
    {
        object? instance = null;
        try
        {
            object?[] arguments =
            [
                .. request.Arguments.Zip(method.GetParameters(), (argument, parameter) =>
                    argument.ToValue(parameter.ParameterType)),
            ];
            instance = method.IsStatic ? null : Activator.CreateInstance(type, nonPublic: true);
            object? result = method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, arguments, null);
            Wait(result);
            return new MutantReply(MutantOutcome.Survived with { Result = result as string ?? string.Empty }, null);
        }
        catch (Exception exception) when (!exception.Message.StartsWith(SkipMark, StringComparison.Ordinal))
        {
            // Whatever a test throws is its verdict; it goes back to the caller as a value.
            Exception verdict = exception is TypeInitializationException or TargetInvocationException
                ? exception.InnerException ?? exception
                : exception;
            return new MutantReply(new MutantOutcome(true, verdict.GetType().Name, verdict.Message), null);
        }
        catch (Exception skip)
        {
            return new MutantReply(null, $"mutant '{request.Name}': the test skipped itself: {skip.Message}");
        }
        finally
        {
            (instance as IDisposable)?.Dispose();
        }
    }

    private static void Wait(object? result)
    {
        Task? task = result switch
        {
            Task running => running,
            ValueTask running => running.AsTask(),
            _ => null,
        };
        task?.GetAwaiter().GetResult();
    }
}
