using System.Globalization;

namespace OrleansRec.Model.Items;

/// <summary>What is known of one item, by the names of its fields. A field that is not set is missing: no comparison with it holds.</summary>
public sealed class ItemFacts
{
    private readonly object?[] _values;
    private SortedDictionary<string, string>? _attributes;

    /// <summary>An item of which nothing is known but its id.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="fields">The fields; by default those of the catalogue.</param>
    public ItemFacts(string id, ItemFields? fields = null)
    {
        Fields = fields ?? ItemFields.Catalogue;
        Id = id;
        _values = new object?[Fields.Names.Count];
        _values[Fields.IndexOf("id")] = id;
    }

    /// <summary>The item.</summary>
    public string Id { get; }

    /// <summary>The fields that can be set.</summary>
    public ItemFields Fields { get; }

    /// <summary>Attributes by name, in ordinal order.</summary>
    public IReadOnlyDictionary<string, string> Attributes => _attributes ?? [];

    /// <summary>Sets a number.</summary>
    /// <param name="field">A field of kind <see cref="ItemFieldKind.Number"/>.</param>
    /// <param name="value">Finite.</param>
    /// <exception cref="ArgumentException">There is no such field, it holds something else, or the value is not finite.</exception>
    public ItemFacts Set(string field, double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentException($"{field} must be a finite number; got {value.ToString(CultureInfo.InvariantCulture)}.", nameof(value));
        return Put(field, value, ItemFieldKind.Number);
    }

    /// <summary>Sets a text or a label.</summary>
    /// <param name="field">A field of kind <see cref="ItemFieldKind.Text"/> or <see cref="ItemFieldKind.Label"/>, other than the id.</param>
    /// <param name="value">The text.</param>
    /// <exception cref="ArgumentException">There is no such field, or it holds something else.</exception>
    public ItemFacts Set(string field, string value) => Put(field, value, ItemFieldKind.Text, ItemFieldKind.Label);

    /// <summary>Sets a list of labels or paths.</summary>
    /// <param name="field">A field of kind <see cref="ItemFieldKind.Labels"/> or <see cref="ItemFieldKind.Paths"/>.</param>
    /// <param name="values">In the order of importance; none: the field is missing.</param>
    /// <exception cref="ArgumentException">There is no such field, or it holds something else.</exception>
    public ItemFacts Set(string field, IEnumerable<string> values)
    {
        bool arePaths = Fields.IndexOf(field) is >= 0 and int index && Fields.KindOf(index) == ItemFieldKind.Paths;
        string[] all = arePaths ? [.. values.Select(CategoryPath.Normal)] : [.. values];
        return Put(field, all.Length > 0 ? all : null, ItemFieldKind.Labels, ItemFieldKind.Paths);
    }

    /// <summary>Sets true or false.</summary>
    /// <param name="field">A field of kind <see cref="ItemFieldKind.Flag"/>.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">There is no such field, or it holds something else.</exception>
    public ItemFacts Set(string field, bool value) => Put(field, value, ItemFieldKind.Flag);

    /// <summary>Sets a time.</summary>
    /// <param name="field">A field of kind <see cref="ItemFieldKind.Time"/>.</param>
    /// <param name="timeMs">Milliseconds since 1970-01-01 UTC.</param>
    /// <exception cref="ArgumentException">There is no such field, or it holds something else.</exception>
    public ItemFacts SetTime(string field, long timeMs) => Put(field, (double)timeMs, ItemFieldKind.Time);

    /// <summary>Sets an attribute, which rules read as <c>item.attributes.NAME</c>.</summary>
    /// <param name="name">Not empty.</param>
    /// <param name="value">Its text; a number is written as it is in JSON.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public ItemFacts SetAttribute(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        (_attributes ??= new(StringComparer.Ordinal))[name] = value;
        return this;
    }

    /// <summary>The value of a field or attribute: double (numbers, and times in milliseconds), bool, string or string[]; null where it is missing.</summary>
    /// <param name="field">A field's name; else an attribute's.</param>
    public object? this[string field] => Fields.IndexOf(field) is >= 0 and int index ? _values[index] : _attributes?.GetValueOrDefault(field);

    internal object? ValueAt(int index) => _values[index];

    internal void PutAt(int index, object? value) => _values[index] = value;

    private ItemFacts Put(string field, object? value, params ReadOnlySpan<ItemFieldKind> kinds)
    {
        int index = Fields.IndexOf(field);
        if (index < 0)
            throw new ArgumentException($"Items have no field \"{field}\"; they have {string.Join(", ", Fields.Names)}.", nameof(field));
        if (field == "id" || !kinds.Contains(Fields.KindOf(index)))
            throw new ArgumentException($"{field} holds a {Fields.KindOf(index)}{(field == "id" ? " that cannot be changed" : "")}; got {value}.", nameof(field));
        _values[index] = value;
        return this;
    }
}
