using System.Collections.Concurrent;
using System.Reflection;
using Orleans;

namespace OrleansRec.Embedded;

/// <summary>Finds, once for each type, how it is copied and how it travels.</summary>
internal sealed class WireTypes(EmbeddedEngine? engine)
{
    private const BindingFlags Inner = BindingFlags.Instance | BindingFlags.NonPublic;

    private readonly ConcurrentDictionary<Type, WireType> _types = new();
    private readonly ConcurrentDictionary<Type, int> _numbers = new();
    private readonly ConcurrentDictionary<int, Type> _byNumber = new();

    public WireType<T> Of<T>() => (WireType<T>)Of(typeof(T));

    public WireType Of(Type type) => _types.GetOrAdd(type, static (type, types) => types.Make(type), this);

    /// <summary>A tuple of arguments, each of which may be marked immutable by its parameter.</summary>
    public WireType<T> OfTuple<T>(ParameterInfo[] parameters) => (WireType<T>)typeof(WireTypes)
        .GetMethod(nameof(MakeTuple), Inner)!.MakeGenericMethod(typeof(T)).Invoke(this, BindingFlags.DoNotWrapExceptions, null, [parameters], null)!;

    /// <summary>The number that stands for a type in bytes: the order in which types were met, so bytes are for this process alone.</summary>
    public int NumberOf(Type type) => _numbers.GetOrAdd(type, static (type, types) =>
    {
        lock (types._byNumber)
        {
            var number = types._byNumber.Count;
            types._byNumber[number] = type;
            return number;
        }
    }, this);

    public Type ByNumber(int number) => _byNumber[number];

    private WireType Make(Type type)
    {
        if (type == typeof(string))
            return new TextWire();
        if (WireShape.IsRaw(type))
            return New(typeof(RawWire<>), [type]);
        if (type.IsArray && type.GetArrayRank() == 1)
            return MakeArray(type.GetElementType()!);
        if (Nullable.GetUnderlyingType(type) is { } value)
            return New(typeof(NullableWire<>), [value], Of(value));
        if (Collections.IsCollection(type))
            return MakeCollection(type);
        if (WireShape.IsReference(type))
            return New(typeof(ReferenceWire<>), [type], engine);
        if (typeof(Exception).IsAssignableFrom(type))
            return Call(nameof(MakeException), type);
        if (WireShape.IsOpen(type))
            return New(typeof(OpenWire<>), [type], this);
        if (WireShape.HasMembers(type))
            return Call(type.IsValueType ? nameof(MakeStruct) : nameof(MakeObject), type);
        throw new WireTypeException($"{type} has no [GenerateSerializer], so it cannot be sent or copied.");
    }

    private WireType MakeArray(Type element) => WireShape.IsRaw(element)
        ? New(typeof(BlockWire<>), [element])
        : New(typeof(ArrayWire<>), [element], Of(element));

    private WireType MakeCollection(Type type)
    {
        var kind = type.GetGenericTypeDefinition();
        var maker = kind == typeof(List<>) ? nameof(Collections.ListOf)
            : kind == typeof(HashSet<>) ? nameof(Collections.SetOf)
            : kind == typeof(SortedSet<>) ? nameof(Collections.SortedSetOf)
            : kind == typeof(Dictionary<,>) ? nameof(Collections.DictionaryOf)
            : nameof(Collections.SortedDictionaryOf);
        return (WireType)typeof(Collections).GetMethod(maker)!.MakeGenericMethod(type.GetGenericArguments())
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [this], null)!;
    }

    private StructWire<T> MakeStruct<T>()
        where T : struct => new(MembersOf<T>(), WireShape.IsMarkedImmutable(typeof(T)));

    private ObjectWire<T> MakeObject<T>()
        where T : class => new(this, MembersOf<T>(), WireShape.IsMarkedImmutable(typeof(T)));

    private WireType MakeException<T>()
        where T : Exception
    {
        if (typeof(T) == typeof(AggregateException))
            return new AggregateExceptionWire(this);
        if (typeof(T).IsDefined(typeof(GenerateSerializerAttribute), false))
            return new ExceptionWire<T>(this, MembersOf<T>());
        return WireShape.IsRuntimeException(typeof(T))
            ? new ExceptionWire<T>(this, [])
            : throw new WireTypeException($"{typeof(T)} has no [GenerateSerializer], so a caller on another silo cannot be told of it.");
    }

    private StructWire<T> MakeTuple<T>(ParameterInfo[] parameters)
        where T : struct
    {
        var fields = Enumerable.Range(1, parameters.Length).Select(i => typeof(T).GetField($"Item{i}")!);
        return new([.. fields.Zip(parameters, (field, parameter) =>
            Member<T>(field, parameter.IsDefined(typeof(ImmutableAttribute))))], isMarkedImmutable: false);
    }

    private WireMember<T>[] MembersOf<T>() =>
        [.. WireMembers.FieldsOf(typeof(T)).Select(field => Member<T>(field, WireMembers.IsMarkedImmutable(field)))];

    private WireMember<T> Member<T>(FieldInfo field, bool isImmutable) => (WireMember<T>)Activator.CreateInstance(
        typeof(WireMember<,>).MakeGenericType(typeof(T), field.FieldType), this, field, isImmutable)!;

    private WireType Call(string maker, Type type) =>
        (WireType)typeof(WireTypes).GetMethod(maker, Inner)!.MakeGenericMethod(type).Invoke(this, BindingFlags.DoNotWrapExceptions, null, null, null)!;

    private static WireType New(Type wire, Type[] arguments, params object?[] parameters) =>
        (WireType)Activator.CreateInstance(wire.MakeGenericType(arguments), parameters)!;
}
