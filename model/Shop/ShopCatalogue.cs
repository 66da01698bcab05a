using System.Globalization;

namespace OrleansRec.Model;

/// <summary>One department of the made-up shop.</summary>
/// <param name="Name">Its name.</param>
/// <param name="MedianPrice">Half of its items cost less.</param>
/// <param name="Products">What it sells.</param>
/// <param name="Styles">The lines that its customers tell apart: the finest thing that a taste is about.</param>
internal sealed record ShopDepartment(string Name, double MedianPrice, string[] Products, string[] Styles);

/// <summary>The made-up catalogue: departments, and in each department styles, each with items of falling popularity.</summary>
internal sealed class ShopCatalogue
{
    public static IReadOnlyList<ShopDepartment> Departments { get; } =
    [
        new("Kitchen", 24, ["Saucepan", "Chef's Knife", "Mixing Bowl", "Kettle", "Baking Tray", "Mug Set"], ["Cast Iron", "Copper", "Enamel", "Stainless"]),
        new("Books", 14, ["Novel", "Short Stories", "Biography", "Field Guide", "Essays", "Cookbook"], ["Nordic Noir", "History", "Science", "Travel"]),
        new("Garden", 19, ["Planter", "Watering Can", "Seed Box", "Pruning Shears", "Trellis", "Bird Feeder"], ["Wildflower", "Herb", "Balcony", "Orchard"]),
        new("Toys", 17, ["Puzzle", "Building Set", "Plush Bear", "Board Game", "Train Set", "Kite"], ["Wooden", "Space", "Animal", "Pirate"]),
        new("Lighting", 45, ["Table Lamp", "Floor Lamp", "Pendant", "String Lights", "Reading Light", "Lantern"], ["Brass", "Paper", "Industrial", "Rattan"]),
        new("Audio", 89, ["Headphones", "Speaker", "Turntable", "Earbuds", "Radio", "Microphone"], ["Studio", "Retro", "Sport", "Travel"]),
        new("Outdoor", 58, ["Tent", "Rucksack", "Sleeping Bag", "Camp Stove", "Rain Jacket", "Head Torch"], ["Alpine", "Coastal", "Ultralight", "Family"]),
        new("Stationery", 9, ["Notebook", "Fountain Pen", "Desk Planner", "Washi Tape", "Card Set", "Pencil Case"], ["Botanical", "Minimal", "Marbled", "Retro"]),
        new("Bath", 16, ["Towel Set", "Soap", "Bath Salts", "Robe", "Candle", "Sponge"], ["Lavender", "Cedar", "Citrus", "Sea Salt"]),
        new("Tea & Coffee", 13, ["Whole Beans", "Loose Leaf", "Teapot", "Moka Pot", "Filter Set", "Tasting Box"], ["Dark Roast", "Single Origin", "Green", "Chai"]),
        new("Cycling", 39, ["Helmet", "Pannier", "Bell", "Lock", "Gloves", "Bike Light"], ["Commuter", "Gravel", "Road", "Touring"]),
        new("Art", 27, ["Watercolour Set", "Sketchbook", "Brush Roll", "Print", "Easel", "Ink Set"], ["Abstract", "Landscape", "Portrait", "Japanese"]),
    ];

    private static readonly string[] Makers =
        ["Alder & Co", "Brightwater", "Corvid", "Dunmore", "Eastwick", "Fennel House", "Greyfriars", "Hallow", "Inkwell", "Juniper", "Kestrel", "Larkspur"];

    private readonly int[][] _itemsByStyle;
    private readonly double[][] _totalsByStyle;

    public ShopCatalogue(ShopOptions options)
    {
        var used = new HashSet<string>();
        var items = new LoggedItem[options.Items];
        var byStyle = new List<int>[Departments.Count * StylesEach];
        for (int style = 0; style < byStyle.Length; style++)
            byStyle[style] = [];
        for (int i = 0; i < items.Length; i++)
        {
            var dice = ShopDice.For(options.Seed, "item", i);
            // The first items are dealt, so that every department has one; a style may stay empty in a tiny shop.
            int department = i % Departments.Count, style = dice.Below(StylesEach);
            items[i] = Item(i, Departments[department], style, ref dice, used);
            byStyle[department * StylesEach + style].Add(i);
        }
        Items = items;
        _itemsByStyle = [.. byStyle.Select(s => s.ToArray())];
        _totalsByStyle = [.. byStyle.Select(Popularities)];
    }

    /// <summary>Every department has so many styles.</summary>
    public static int StylesEach => 4;

    public LoggedItem[] Items { get; }

    public bool HasItems(int style) => _itemsByStyle[style].Length > 0;

    /// <summary>An item of a style, the popular ones more often.</summary>
    public int Pick(int style, ref ShopDice dice) => _itemsByStyle[style][dice.Pick(_totalsByStyle[style])];

    /// <summary>The n-th item of a style draws visits as 1/(n + 2)^0.9: a few bestsellers and a long tail.</summary>
    private static double[] Popularities(List<int> items) => ShopDice.Totals(items.Select((_, n) => Math.Pow(n + 2, -0.9)));

    private static LoggedItem Item(int index, ShopDepartment department, int style, ref ShopDice dice, HashSet<string> used)
    {
        string product = department.Products[dice.Below(department.Products.Length)];
        string maker = Makers[dice.Below(Makers.Length)], styleName = department.Styles[style];
        string plain = $"{maker} {styleName} {product}", title = plain;
        for (int edition = 2; !used.Add(title); edition++)
            title = $"{plain} No. {edition}";
        // Prices as shops write them: 12.95, not 12.8713.
        double price = Math.Max(1, Math.Round(department.MedianPrice * Math.Exp(0.5 * dice.Normal()))) - 0.05;
        long stock = dice.Happens(0.03) ? 0 : 1 + dice.Geometric(60);
        string id = string.Create(CultureInfo.InvariantCulture, $"item-{index + 1:D5}");
        return new(id, title, [department.Name, product], Math.Round(price, 2), stock, true, [new("maker", maker), new("style", styleName)]);
    }
}
