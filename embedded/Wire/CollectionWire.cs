namespace OrleansRec.Embedded;

/// <summary>Lists, sets and dictionaries: their items in order, and an empty collection to put them into.</summary>
internal sealed class CollectionWire<TCollection, TItem>(WireType<TItem> item, Func<TCollection, TCollection> createLike) : WireType<TCollection?>
    where TCollection : class, ICollection<TItem>
{
    public override bool IsImmutable => false;

    public override TCollection? Copy(TCollection? value)
    {
        if (value is null)
            return null;
        var copy = createLike(value);
        foreach (var original in value)
            copy.Add(item.Copy(original));
        return copy;
    }

    public override void Write(WireWriter writer, TCollection? value)
    {
        writer.WriteCount(value is null ? 0 : value.Count + 1);
        if (value is null)
            return;
        foreach (var original in value)
            item.Write(writer, original);
    }

    public override TCollection? Read(ref WireReader reader)
    {
        var count = reader.ReadCount() - 1;
        if (count < 0)
            return null;
        var value = createLike(null!);
        for (var i = 0; i < count; i++)
            value.Add(item.Read(ref reader));
        return value;
    }
}

/// <summary>The collections that travel. Comparers are kept by a copy and are the default ones after bytes.</summary>
internal static class Collections
{
    public static bool IsCollection(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() is var kind
        && (kind == typeof(List<>) || kind == typeof(HashSet<>) || kind == typeof(SortedSet<>)
            || kind == typeof(Dictionary<,>) || kind == typeof(SortedDictionary<,>));

    public static WireType ListOf<T>(WireTypes types) =>
        new CollectionWire<List<T>, T>(types.Of<T>(), like => new List<T>(like?.Count ?? 0));

    public static WireType SetOf<T>(WireTypes types) =>
        new CollectionWire<HashSet<T>, T>(types.Of<T>(), like => new HashSet<T>(like?.Comparer));

    public static WireType SortedSetOf<T>(WireTypes types) =>
        new CollectionWire<SortedSet<T>, T>(types.Of<T>(), like => new SortedSet<T>(like?.Comparer));

    public static WireType DictionaryOf<TKey, TValue>(WireTypes types)
        where TKey : notnull =>
        new CollectionWire<Dictionary<TKey, TValue>, KeyValuePair<TKey, TValue>>(
            types.Of<KeyValuePair<TKey, TValue>>(), like => new Dictionary<TKey, TValue>(like?.Comparer));

    public static WireType SortedDictionaryOf<TKey, TValue>(WireTypes types)
        where TKey : notnull =>
        new CollectionWire<SortedDictionary<TKey, TValue>, KeyValuePair<TKey, TValue>>(
            types.Of<KeyValuePair<TKey, TValue>>(), like => new SortedDictionary<TKey, TValue>(like?.Comparer));
}
