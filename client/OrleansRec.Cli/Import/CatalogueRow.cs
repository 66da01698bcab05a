using OrleansRec.Model;
using OrleansRec.Model.Items;

namespace OrleansRec.Cli.Import;

/// <summary>One item as a catalogue file describes it; what has no field of its own is an attribute.</summary>
public sealed record CatalogueRow(string ItemId)
{
    /// <summary>Name to show.</summary>
    public string? Title { get; set; }

    /// <summary>Its categories, each once.</summary>
    public IReadOnlyList<string> Categories { get; set; } = [];

    /// <summary>In the shop's currency.</summary>
    public double? Price { get; set; }

    /// <summary>Pieces; null where the file does not say.</summary>
    public long? Stock { get; set; }

    /// <summary>Whether lists may show it.</summary>
    public bool IsVisible { get; set; } = true;

    /// <summary>Kind, brand, rating and the like.</summary>
    public LoggedDetails Details { get; set; } = LoggedDetails.Of(ItemKind.Product);

    /// <summary>Fields of <see cref="Details"/> that a column has given.</summary>
    internal HashSet<string> Given { get; } = [];

    /// <summary>Every other column that is not empty.</summary>
    public Dictionary<string, string> Attributes { get; } = [];
}

/// <summary>One line of a catalogue file: an item, or why it is none.</summary>
/// <param name="Number">Line of the file, from 1.</param>
/// <param name="Row">The item; null where the line is left out.</param>
/// <param name="Rejected">Why it is left out, or null.</param>
public readonly record struct CatalogueLine(long Number, CatalogueRow? Row, Rejection? Rejected);
