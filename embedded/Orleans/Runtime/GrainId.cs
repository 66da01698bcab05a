namespace Orleans.Runtime;

/// <summary>The name of a grain class.</summary>
[GenerateSerializer, Immutable]
public readonly record struct GrainType([property: Id(0)] string Value)
{
    /// <summary>From text.</summary>
    public static GrainType Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>The key of a grain within its class.</summary>
[GenerateSerializer, Immutable]
public readonly record struct IdSpan([property: Id(0)] string Value)
{
    /// <summary>From text.</summary>
    public static IdSpan Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A grain's identity: class and key.</summary>
[GenerateSerializer, Immutable]
public readonly record struct GrainId([property: Id(0)] GrainType Type, [property: Id(1)] IdSpan Key)
{
    /// <summary>From class and key as text.</summary>
    public static GrainId Create(string type, string key) => new(GrainType.Create(type), IdSpan.Create(key));

    /// <summary>From class and key.</summary>
    public static GrainId Create(GrainType type, string key) => new(type, IdSpan.Create(key));

    /// <summary>Whether it names nothing.</summary>
    public bool IsDefault => Type.Value is null && Key.Value is null;

    /// <inheritdoc/>
    public override string ToString() => $"{Type.Value}/{Key.Value}";
}
