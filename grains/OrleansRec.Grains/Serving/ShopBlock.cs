using OrleansRec.Model.Items;
using OrleansRec.Model.Rules;

namespace OrleansRec.Grains.Serving;

/// <summary>All items that a silo knows, as lists with rules read them: first the rows of one model, then the items that only the catalogue knows. Immutable.</summary>
public sealed class ShopBlock
{
    private readonly Dictionary<string, int> _rows;

    /// <param name="model">The model whose rows come first; null where none is published.</param>
    /// <param name="columns">What is known of each row.</param>
    /// <param name="ids">Id of each row.</param>
    /// <param name="rows">Row of each id behind those of the model.</param>
    /// <param name="catalogueVersion">The catalogue's version that the columns are of.</param>
    /// <param name="ladder">The rungs of the ladder by name.</param>
    /// <param name="cache">Bitmaps of expressions, kept over blocks.</param>
    public ShopBlock(
        PublishedModel? model, ItemColumns columns, string[] ids, Dictionary<string, int> rows, long catalogueVersion, Dictionary<string, int[]> ladder, PredicateCache cache)
    {
        (Model, Columns, Ids, _rows, CatalogueVersion, Ladder, Cache) = (model, columns, ids, rows, catalogueVersion, ladder, cache);
        Factors = model is null ? null : new(model, RowOf, ids);
    }

    public PublishedModel? Model { get; }

    public ItemColumns Columns { get; }

    /// <summary>Id of each row.</summary>
    public string[] Ids { get; }

    public long CatalogueVersion { get; }

    /// <summary>Rows of each rung, best first.</summary>
    public Dictionary<string, int[]> Ladder { get; }

    /// <summary>Bitmaps of expressions, kept over blocks.</summary>
    public PredicateCache Cache { get; }

    /// <summary>The model as a part; null where none is published.</summary>
    public ServedFactors? Factors { get; }

    /// <summary>Row of each id behind those of the model.</summary>
    internal Dictionary<string, int> RowsBeside => _rows;

    /// <summary>The row of an item, or −1.</summary>
    public int RowOf(string itemId) => Model?.RowOf(itemId) is >= 0 and int row ? row : _rows.GetValueOrDefault(itemId, -1);
}
