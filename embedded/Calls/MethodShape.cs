using System.Reflection;

namespace OrleansRec.Embedded;

/// <summary>The types that a grain method's signature comes down to.</summary>
internal sealed class MethodShape
{
    public MethodShape(MethodInfo method)
    {
        if (Refusal(method) is { } rule)
            throw new WireCheckException([rule]);
        var all = method.GetParameters();
        TakesCancellation = all.Length > 0 && all[^1].ParameterType == typeof(CancellationToken);
        Parameters = TakesCancellation ? all[..^1] : all;
        Arguments = Tuple([.. Parameters.Select(p => p.ParameterType)]);
        var returned = method.ReturnType;
        IsValueTask = returned.Name.StartsWith(nameof(ValueTask), StringComparison.Ordinal);
        Result = returned.IsGenericType ? returned.GetGenericArguments()[0] : typeof(NoResult);
    }

    /// <summary>Parameters without the cancellation token.</summary>
    public ParameterInfo[] Parameters { get; }

    /// <summary>Whether the last parameter is a cancellation token.</summary>
    public bool TakesCancellation { get; }

    /// <summary>A value tuple of the parameters' types.</summary>
    public Type Arguments { get; }

    /// <summary>What the task brings.</summary>
    public Type Result { get; }

    /// <summary>Whether it is a value task.</summary>
    public bool IsValueTask { get; }

    /// <summary>Why the method cannot be called on a grain, or null.</summary>
    public static string? Refusal(MethodInfo method)
    {
        var name = $"{method.DeclaringType!.FullName}.{method.Name}";
        var returned = method.ReturnType;
        var shape = returned.IsGenericType ? returned.GetGenericTypeDefinition() : returned;
        if (shape != typeof(Task) && shape != typeof(Task<>) && shape != typeof(ValueTask) && shape != typeof(ValueTask<>))
            return $"{name} returns {returned}; a grain method returns Task, Task<T>, ValueTask or ValueTask<T>.";
        if (method.IsGenericMethod)
            return $"{name} is generic; this engine takes no generic grain methods.";
        var parameters = method.GetParameters();
        if (Array.Find(parameters, p => p.ParameterType.IsByRef) is { } byReference)
            return $"{name}: parameter {byReference.Name} is passed by reference; a grain method takes values.";
        var tokens = parameters.Count(p => p.ParameterType == typeof(CancellationToken));
        if (tokens > 1 || (tokens == 1 && parameters[^1].ParameterType != typeof(CancellationToken)))
            return $"{name}: one CancellationToken is allowed, and it comes last.";
        if (parameters.Length - tokens > MethodPlan.ParametersMax)
            return $"{name} has {parameters.Length - tokens} parameters; at most {MethodPlan.ParametersMax} are allowed.";
        return null;
    }

    /// <summary>All methods of a grain interface, those it inherits included, in a fixed order.</summary>
    public static MethodInfo[] MethodsOf(Type grainInterface) =>
        [.. new[] { grainInterface }.Concat(grainInterface.GetInterfaces()).SelectMany(i => i.GetMethods())
            .Where(m => m.IsAbstract)
            .OrderBy(m => m.DeclaringType!.FullName, StringComparer.Ordinal).ThenBy(m => m.MetadataToken)];

    private static Type Tuple(Type[] items) => items.Length switch
    {
        0 => typeof(ValueTuple),
        1 => typeof(ValueTuple<>).MakeGenericType(items),
        2 => typeof(ValueTuple<,>).MakeGenericType(items),
        3 => typeof(ValueTuple<,,>).MakeGenericType(items),
        4 => typeof(ValueTuple<,,,>).MakeGenericType(items),
        5 => typeof(ValueTuple<,,,,>).MakeGenericType(items),
        6 => typeof(ValueTuple<,,,,,>).MakeGenericType(items),
        _ => typeof(ValueTuple<,,,,,,>).MakeGenericType(items),
    };
}
