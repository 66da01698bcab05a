using Orleans;

namespace OrleansRec.Embedded.Tests;

public enum Size : byte
{
    Small = 3,
    Large = 7,
}

[GenerateSerializer, Alias("test.line")]
public readonly record struct Line(string Item, int Count, double? Price);

[GenerateSerializer, Alias("test.parcel")]
public record Parcel(string? Name, Line[]? Lines, Dictionary<string, List<int>> Shelves)
{
    [Id(0)]
    public Size Size { get; init; }

    [Id(1)]
    public byte[]? Content { get; init; }

    [Id(2)]
    public Parcel[] Inner { get; init; } = [];

    [Id(3)]
    public (long Number, Guid Id)? Tag { get; init; }
}

[GenerateSerializer, Alias("test.gift")]
public sealed record Gift(string? Name, Line[]? Lines, Dictionary<string, List<int>> Shelves, string From) : Parcel(Name, Lines, Shelves);

[GenerateSerializer, Immutable, Alias("test.stone")]
public sealed record Stone(int[] Faces);

[GenerateSerializer, Alias("test.refused")]
public sealed class ParcelRefusedException(string message, int code) : Exception(message)
{
    [Id(0)]
    public int Code { get; private set; } = code;
}

[Alias("test.parcel-grain")]
public interface IParcelGrain : IGrainWithStringKey
{
    [Alias("keep")]
    Task<bool> Keep(Parcel parcel, int[] copied, [Immutable] int[] shared, Stone stone);

    [Alias("same")]
    Task<bool> IsSame(Parcel parcel, int[] copied, [Immutable] int[] shared, Stone stone);

    [Alias("echo")]
    Task<Parcel> Echo(Parcel parcel);

    [Alias("self")]
    Task<IParcelGrain> Self(bool leak);

    [Alias("refuse")]
    Task Refuse();

    [Alias("refuse-how")]
    Task RefuseHow(string kind);
}

/// <summary>A type that says nothing of how it travels.</summary>
public sealed class UnsendableException(string message) : Exception(message);

/// <summary>Keeps what it is given, by reference, for the test to compare.</summary>
public sealed class ParcelGrain : Grain, IParcelGrain
{
    [ThreadStatic]
    public static object[]? Kept;

    public Task<bool> Keep(Parcel parcel, int[] copied, int[] shared, Stone stone)
    {
        Kept = [parcel, copied, shared, stone];
        return Task.FromResult(true);
    }

    public Task<bool> IsSame(Parcel parcel, int[] copied, int[] shared, Stone stone) => Task.FromResult(true);

    public Task<Parcel> Echo(Parcel parcel) => Task.FromResult(parcel);

    public Task<IParcelGrain> Self(bool leak) => Task.FromResult(leak ? this : this.AsReference<IParcelGrain>());

    public Task Refuse() => throw new ParcelRefusedException("too heavy", 42);

    public Task RefuseHow(string kind) => throw kind switch
    {
        "unsendable" => new UnsendableException("nobody elsewhere can read this"),
        "cause" => new IOException("outer", new UnsendableException("inner")),
        "many" => new AggregateException("many", new ParcelRefusedException("first", 1), new TimeoutException("second")),
        "argument" => new ArgumentOutOfRangeException("count", 7, "At most 3."),
        _ => new ArgumentException("unknown", nameof(kind)),
    };
}
