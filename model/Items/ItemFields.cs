namespace OrleansRec.Model.Items;

/// <summary>The fields that items have, each with its kind. Immutable. Attributes are no fields: an item has what it is given, each a label.</summary>
public sealed class ItemFields
{
    /// <summary>Fields, at most.</summary>
    public const int FieldsMax = 64;

    private readonly string[] _names;
    private readonly ItemFieldKind[] _kinds;
    private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);

    private ItemFields(string[] names, ItemFieldKind[] kinds)
    {
        (_names, _kinds) = (names, kinds);
        for (int i = 0; i < names.Length; i++)
            _indices.Add(names[i], i);
    }

    /// <summary>The fields of the shop's catalogue: id, kind, title, categories, brand, price, stock, rating, tags, group, from, until, visible.</summary>
    public static ItemFields Catalogue { get; } = new(
        ["id", "kind", "title", "categories", "brand", "price", "stock", "rating", "tags", "group", "from", "until", "visible"],
        [
            ItemFieldKind.Text, ItemFieldKind.Label, ItemFieldKind.Text, ItemFieldKind.Paths, ItemFieldKind.Label, ItemFieldKind.Number, ItemFieldKind.Number,
            ItemFieldKind.Number, ItemFieldKind.Labels, ItemFieldKind.Label, ItemFieldKind.Time, ItemFieldKind.Time, ItemFieldKind.Flag,
        ]);

    /// <summary>Names, in the order of columns.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The fields with one more, say a popularity that rules may use.</summary>
    /// <param name="name">A letter, then letters, digits and underscores; not "attributes" and not a field already.</param>
    /// <param name="kind">What it holds.</param>
    /// <exception cref="ArgumentException">The name is taken or cannot be written in a rule, or there are <see cref="FieldsMax"/> fields.</exception>
    public ItemFields With(string name, ItemFieldKind kind)
    {
        if (name is "" or "attributes" || !char.IsAsciiLetter(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            throw new ArgumentException($"A field's name is a letter, then letters, digits or underscores, and not \"attributes\"; got \"{name}\".", nameof(name));
        if (_indices.ContainsKey(name) || _names.Length == FieldsMax)
            throw new ArgumentException($"\"{name}\" is a field already, or there are {FieldsMax} fields.", nameof(name));
        return new([.. _names, name], [.. _kinds, kind]);
    }

    /// <summary>The column of a field, or −1.</summary>
    /// <param name="name">Its name.</param>
    public int IndexOf(string name) => _indices.GetValueOrDefault(name, -1);

    /// <summary>The kind of a field.</summary>
    /// <param name="index">Its column.</param>
    public ItemFieldKind KindOf(int index) => _kinds[index];
}
