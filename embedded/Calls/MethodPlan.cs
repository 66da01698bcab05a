using System.Reflection;
using Orleans;
using Orleans.Concurrency;

namespace OrleansRec.Embedded;

/// <summary>Everything about one method of a grain interface that a call needs, worked out once.</summary>
internal abstract class MethodPlan
{
    /// <summary>The bound on parameters, not counting a cancellation token: the arguments travel as one value tuple.</summary>
    public const int ParametersMax = 7;

    protected MethodPlan(MethodInfo method, EmbeddedOptions options)
    {
        Name = $"{method.DeclaringType!.Name}.{method.Name}";
        SpanName = $"{method.DeclaringType!.Name}/{method.Name}";
        AlwaysInterleave = method.IsDefined(typeof(AlwaysInterleaveAttribute));
        ReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        OneWay = method.IsDefined(typeof(OneWayAttribute));
        ResponseTimeout = TimeoutOf(method, options);
    }

    public string Name { get; }

    /// <summary>As the conventions for remote calls write it.</summary>
    public string SpanName { get; }

    public bool AlwaysInterleave { get; }

    public bool ReadOnly { get; }

    public bool OneWay { get; }

    public TimeSpan ResponseTimeout { get; }

    /// <summary>Where calls in flight wait for their deadline. One for each length of time.</summary>
    public required Deadlines Deadlines { get; init; }

    /// <summary>The plan of a method that <paramref name="invoke"/>, a static method (grain, arguments, token), calls.</summary>
    public static MethodPlan Create(
        MethodInfo method, MethodInfo invoke, WireTypes types, EmbeddedOptions options, Func<TimeSpan, Deadlines> deadlines)
    {
        var shape = new MethodShape(method);
        return (MethodPlan)typeof(MethodPlan).GetMethod(nameof(CreateTyped), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(shape.Arguments, shape.Result)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [method, invoke, shape, types, options, deadlines], null)!;
    }

    private static MethodPlan<TArguments, TResult> CreateTyped<TArguments, TResult>(
        MethodInfo method, MethodInfo invoke, MethodShape shape, WireTypes types, EmbeddedOptions options, Func<TimeSpan, Deadlines> deadlines)
    {
        var timeout = TimeoutOf(method, options);
        var isImmutableResult = method.ReturnParameter.IsDefined(typeof(ImmutableAttribute), false);
        return new(method, options)
        {
            Deadlines = deadlines(timeout),
            Invoke = invoke.CreateDelegate<Func<object, TArguments, CancellationToken, Task>>(),
            PassArguments = shape.Parameters.Length == 0
                ? null
                : Pass(types.OfTuple<TArguments>(shape.Parameters), false, options),
            PassResult = typeof(TResult) == typeof(NoResult) ? null : Pass(types.Of<TResult>(), isImmutableResult, options),
            PassException = options.SerializeArguments ? types.Of<Exception>().PassThroughBytes : null,
        };
    }

    private static TimeSpan TimeoutOf(MethodInfo method, EmbeddedOptions options) =>
        method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout ?? options.ResponseTimeout;

    private static Func<T, T>? Pass<T>(WireType<T> type, bool isImmutable, EmbeddedOptions options) =>
        options.SerializeArguments ? type.PassThroughBytes
        : isImmutable || type.IsImmutable ? null
        : type.Copy;
}

/// <summary>A plan with the types of arguments and result.</summary>
internal sealed class MethodPlan<TArguments, TResult>(MethodInfo method, EmbeddedOptions options) : MethodPlan(method, options)
{
    /// <summary>Calls the method of a grain.</summary>
    public required Func<object, TArguments, CancellationToken, Task> Invoke { get; init; }

    /// <summary>Makes the callee's own arguments; null where they can be shared.</summary>
    public required Func<TArguments, TArguments>? PassArguments { get; init; }

    /// <summary>Makes the caller's own result; null where it can be shared.</summary>
    public required Func<TResult, TResult>? PassResult { get; init; }

    /// <summary>Makes the caller's own exception; null where it can be shared.</summary>
    public required Func<Exception, Exception>? PassException { get; init; }
}

/// <summary>The result of a method that has none.</summary>
internal readonly struct NoResult;
