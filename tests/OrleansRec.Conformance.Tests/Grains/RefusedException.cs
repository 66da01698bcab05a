using Orleans;

namespace OrleansRec.Conformance.Tests.Grains;

/// <summary>A failure with a member of its own, made to travel.</summary>
[GenerateSerializer, Alias("conformance.refused")]
public sealed class RefusedException(string message, int code) : Exception(message)
{
    [Id(0)]
    public int Code { get; private set; } = code;
}

/// <summary>A failure that says nothing of how it travels.</summary>
public sealed class UnsendableException(string message, int code) : Exception(message)
{
    public int Code { get; } = code;
}
