using OrleansRec.Model.Items;

namespace OrleansRec.Model.Rules;

/// <summary>The names that an expression may use.</summary>
/// <param name="Items">Fields of items.</param>
/// <param name="Attributes">Attributes that are known, which <c>item.NAME</c> may name; <c>item.attributes.NAME</c> may name any.</param>
/// <param name="User">Types of <c>user.NAME</c>; null: any name, of the type that its use asks for.</param>
/// <param name="Context">Types of <c>context.NAME</c>; null: any name.</param>
public sealed record RuleFields(
    ItemFields Items, IReadOnlyCollection<string> Attributes, IReadOnlyDictionary<string, RuleType>? User = null, IReadOnlyDictionary<string, RuleType>? Context = null)
{
    /// <summary>The names of the catalogue alone.</summary>
    public static RuleFields Catalogue { get; } = new(ItemFields.Catalogue, []);

    /// <summary>The names that items have.</summary>
    /// <param name="items">The items.</param>
    public static RuleFields Of(ItemColumns items) => new(items.Fields, [.. items.AttributeNames]);
}
