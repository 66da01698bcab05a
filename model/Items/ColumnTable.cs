using System.Collections.Concurrent;

namespace OrleansRec.Model.Items;

/// <summary>Which column a field or attribute is in, and the texts of its codes. Shared by all versions that come of one build; only added to.</summary>
internal sealed class ColumnTable
{
    private readonly ConcurrentDictionary<string, int> _attributes = new(StringComparer.Ordinal);
    private readonly Lock _adding = new();
    private TextCodes?[] _codes;
    private volatile int _count;

    public ColumnTable(ItemFields fields)
    {
        Fields = fields;
        _count = fields.Names.Count;
        _codes = new TextCodes?[_count];
        for (int i = 0; i < _count; i++)
            if (fields.KindOf(i) is ItemFieldKind.Label or ItemFieldKind.Labels or ItemFieldKind.Paths)
                _codes[i] = new();
    }

    public ItemFields Fields { get; }

    /// <summary>Fields, and attributes seen.</summary>
    public int Count => _count;

    public ICollection<string> Attributes => _attributes.Keys;

    public TextCodes? CodesOf(int column) => Volatile.Read(ref _codes)[column];

    public ItemFieldKind KindOf(int column) => column < Fields.Names.Count ? Fields.KindOf(column) : ItemFieldKind.Label;

    /// <summary>The column of an attribute, or −1.</summary>
    public int AttributeColumn(string name) => _attributes.TryGetValue(name, out int column) ? column : -1;

    /// <summary>The column of an attribute, made where there is none; −1 where there are too many.</summary>
    public int AddAttribute(string name)
    {
        if (_attributes.TryGetValue(name, out int column))
            return column;
        lock (_adding)
        {
            if (_attributes.TryGetValue(name, out column))
                return column;
            if (_attributes.Count >= ItemColumns.AttributesMax)
                return -1;
            column = _count;
            Volatile.Write(ref _codes, [.. _codes, new TextCodes()]);
            _count = column + 1;
            _attributes[name] = column;
            return column;
        }
    }

    /// <summary>Texts of labels, over all columns.</summary>
    public long TextCount()
    {
        long count = 0;
        foreach (TextCodes? codes in Volatile.Read(ref _codes))
            count += codes?.Count ?? 0;
        return count;
    }
}
