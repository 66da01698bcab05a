namespace OrleansRec.Model;

/// <summary>One catalogue record as the log of an item shard holds it.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Title">Name to show, or null.</param>
/// <param name="Categories">Zero or more.</param>
/// <param name="Price">In the shop's currency, or null.</param>
/// <param name="Stock">Pieces, or null where the shop does not say.</param>
/// <param name="Visible">False hides it from every list.</param>
/// <param name="Attributes">Whatever else the shop wants back.</param>
/// <param name="Details">The rest; null for a product of which the shop says no more.</param>
public readonly record struct LoggedItem(
    string ItemId, string? Title, string[] Categories, double? Price, long? Stock, bool Visible, LoggedAttribute[] Attributes,
    LoggedDetails? Details = null);

/// <summary>A name and a value.</summary>
public readonly record struct LoggedAttribute(string Name, string Value);

/// <summary>One record in the log of an item shard.</summary>
/// <param name="Deleted">True: the item is deleted, and only its id is set. False: it is put.</param>
/// <param name="Item">The item.</param>
public readonly record struct ItemLogRecord(bool Deleted, LoggedItem Item);
