using Orleans;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Grains;

public enum Size : byte
{
    Small = 3,
    Large = 7,
}

[GenerateSerializer, Alias("conformance.line")]
public readonly record struct Line([property: Id(0)] string Item, [property: Id(1)] int Count, [property: Id(2)] double? Price);

[GenerateSerializer, Alias("conformance.parcel")]
public record Parcel([property: Id(0)] string? Name, [property: Id(1)] Line[]? Lines, [property: Id(2)] Dictionary<string, List<int>> Shelves)
{
    [Id(3)]
    public Size Size { get; init; }

    [Id(4)]
    public byte[]? Content { get; init; }

    [Id(5)]
    public Parcel?[] Inner { get; init; } = [];

    [Id(6)]
    public (long Number, Guid Id)? Tag { get; init; }

    [Id(7)]
    public DateTimeOffset At { get; init; }
}

[GenerateSerializer, Alias("conformance.gift")]
public sealed record Gift(string? Name, Line[]? Lines, Dictionary<string, List<int>> Shelves, [property: Id(0)] string From) : Parcel(Name, Lines, Shelves);

/// <summary>A type that no serializer was made for.</summary>
public sealed class Unsendable
{
    public int Number { get; set; }
}

[Alias("conformance.parcels")]
public interface IParcelGrain : IGrainWithStringKey
{
    [Alias("echo")]
    Task<Parcel> Echo(Parcel parcel);

    [Alias("echo-all")]
    Task<Parcel[]> EchoAll(Parcel[] parcels);

    [Alias("take")]
    Task Take(object anything);

    [Alias("give")]
    Task<object> GiveUnsendable();

    [Alias("refuse")]
    Task RefuseHow(string kind);

    [Alias("are-same")]
    Task<bool> AreTheSame(Parcel first, Parcel second);
}

public sealed class ParcelGrain(Stage stage) : StoryGrain(stage), IParcelGrain
{
    public Task<Parcel> Echo(Parcel parcel) => Task.FromResult(parcel);

    public Task<Parcel[]> EchoAll(Parcel[] parcels) => Task.FromResult(parcels);

    public Task Take(object anything) => Task.CompletedTask;

    public Task<object> GiveUnsendable() => Task.FromResult<object>(new Unsendable());

    public Task RefuseHow(string kind) => throw kind switch
    {
        "refused" => new RefusedException("too heavy", 42),
        "unsendable" => new UnsendableException("nobody elsewhere can read this", 42),
        "cause" => new IOException("outer", new RefusedException("inner", 7)),
        "many" => new AggregateException("many", new RefusedException("first", 1), new TimeoutException("second")),
        "argument" => new ArgumentOutOfRangeException("count", 7, "At most 3."),
        "cancelled" => new OperationCanceledException("planted"),
        _ => new ArgumentException("unknown", nameof(kind)),
    };

    public Task<bool> AreTheSame(Parcel first, Parcel second) => Task.FromResult(ReferenceEquals(first, second));
}
