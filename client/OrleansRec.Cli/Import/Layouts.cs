using System.Text.RegularExpressions;
using OrleansRec.Model;

namespace OrleansRec.Cli.Import;

/// <summary>A layout that is known by name: how it is recognised, and how its columns become events.</summary>
internal sealed record Layout(ImportFormat Format, string Title, string Columns)
{
    /// <summary>Columns or properties that the file must have; empty where it has no header.</summary>
    public string[] Header { get; init; } = [];

    /// <summary>What each of its lines looks like, where it has no header.</summary>
    public Regex? Line { get; init; }

    /// <summary>Whether it is JSON Lines.</summary>
    public bool IsJson { get; init; }

    /// <summary>What separates its fields; null: any.</summary>
    public Separator? Separator { get; init; }

    /// <summary>The type of every line; null: its column says it.</summary>
    public string? Type { get; init; }

    /// <summary>The type of lines whose value is missing.</summary>
    public string? TypeWithoutValue { get; init; }

    /// <summary>What its types are called here.</summary>
    public string Types { get; init; } = "";

    /// <summary>Which lines are events.</summary>
    public string[] Where { get; init; } = [];

    /// <summary>Columns that stand only on the first line of a group.</summary>
    public string[] CarryForward { get; init; } = [];

    /// <summary>Texts that stand for an empty field.</summary>
    public string[] Missing { get; init; } = [];

    /// <summary>The order of day and month where the file does not show it.</summary>
    public DayOrder DayOrder { get; init; }

    /// <summary>The array of which each entry is an event.</summary>
    public string? LayOut { get; init; }

    /// <summary>Whether a file with these columns has this layout.</summary>
    public bool HasHeader(IReadOnlyList<string> columns) => Header.Length > 0 && Header.All(name => columns.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>Whether nearly all of these lines look like it, the first among them; of a file that is said to have the layout, half of them are enough.</summary>
    public bool LooksLike(IReadOnlyList<string> lines, bool isSaid) =>
        Line is not null && lines.Count > 0 && (isSaid || Line.IsMatch(lines[0])) && lines.Count(l => Line.IsMatch(l)) * 10 >= lines.Count * (isSaid ? 5 : 9);
}

/// <summary>The layouts that are known by name.</summary>
internal static class Layouts
{
    private const string Rating = EventTypeRules.Rating, Interaction = EventTypeRules.Interaction;

    private static readonly Separator Colons = new("::", false);

    /// <summary>All of them; the first that fits is taken.</summary>
    public static IReadOnlyList<Layout> All { get; } =
    [
        new(ImportFormat.OnlineRetail, "Online Retail", "user=CustomerID,item=StockCode,time=InvoiceDate,session=InvoiceNo")
        {
            Header = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID"], DayOrder = DayOrder.MonthFirst, Type = "purchase",
        },
        new(ImportFormat.OnlineRetail, "Online Retail II", "user=Customer ID,item=StockCode,time=InvoiceDate,session=Invoice")
        {
            Header = ["Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID"], DayOrder = DayOrder.MonthFirst, Type = "purchase",
        },
        new(ImportFormat.MovieLens, "MovieLens 100k (u.data)", "user=1,item=2,value=3,time=4") { Line = Lines(@"^\d+\t\d+\t\d(\.\d)?\t\d{9,10}$"), Separator = Separator.Tab, Type = Rating },
        new(ImportFormat.MovieLens, "MovieLens 1M or 10M (ratings.dat)", "user=1,item=2,value=3,time=4") { Line = Lines(@"^\d+::\d+::\d(\.\d)?::\d{9,10}$"), Separator = Colons, Type = Rating },
        new(ImportFormat.MovieLens, "MovieLens (ratings.csv)", "user=userId,item=movieId,value=rating,time=timestamp") { Header = ["userId", "movieId", "rating", "timestamp"], Type = Rating },
        new(ImportFormat.RetailRocket, "Retail Rocket (events.csv)", "user=visitorid,item=itemid,time=timestamp,type=event,session=transactionid")
        {
            Header = ["timestamp", "visitorid", "event", "itemid", "transactionid"], Types = "addtocart=cart,transaction=purchase",
        },
        new(ImportFormat.Rees46, "REES46 (multi-category store)", "user=user_id,item=product_id,time=event_time,type=event_type,session=user_session")
        {
            Header = ["event_time", "event_type", "product_id", "user_id", "user_session"],
        },
        new(ImportFormat.Taobao, "Taobao (UserBehavior.csv)", "user=1,item=2,type=4,time=5")
        {
            Line = Lines(@"^\d+,\d+,\d+,(pv|buy|cart|fav),-?\d{1,10}$"), Separator = Separator.Comma, Types = "pv=view,buy=purchase,fav=like",
        },
        new(ImportFormat.Amazon, "Amazon reviews 2023", "user=user_id,item=parent_asin|asin,value=rating,time=timestamp") { Header = ["user_id", "parent_asin", "rating", "timestamp"], Type = Rating, IsJson = true },
        new(ImportFormat.Amazon, "Amazon reviews 2023 (ratings only)", "user=user_id,item=parent_asin,value=rating,time=timestamp") { Header = ["user_id", "parent_asin", "rating", "timestamp"], Type = Rating },
        new(ImportFormat.Amazon, "Amazon reviews 2014 or 2018", "user=reviewerID,item=asin,value=overall,time=unixReviewTime") { Header = ["reviewerID", "asin", "overall", "unixReviewTime"], Type = Rating, IsJson = true },
        new(ImportFormat.Amazon, "Amazon reviews 2014 (ratings only)", "user=1,item=2,value=3,time=4")
        {
            Line = Lines(@"^A[A-Z0-9]{9,20},[0-9B][A-Z0-9]{9},\d(\.\d)?,\d{9,10}$"), Separator = Separator.Comma, Type = Rating,
        },
        new(ImportFormat.Amazon, "Amazon reviews 2018 (ratings only)", "user=2,item=1,value=3,time=4")
        {
            Line = Lines(@"^[0-9B][A-Z0-9]{9},A[A-Z0-9]{9,20},\d(\.\d)?,\d{9,10}$"), Separator = Separator.Comma, Type = Rating,
        },
        new(ImportFormat.Yelp, "Yelp reviews", "user=user_id,item=business_id,value=stars,time=date,event=review_id") { Header = ["review_id", "user_id", "business_id", "stars", "date"], Type = Rating, IsJson = true },
        new(ImportFormat.LastFm, "Last.fm 360K (plays of artists)", "user=1,item=2|3,value=4")
        {
            Line = Lines(@"^[0-9a-f]{40}\t[0-9a-f-]*\t[^\t]*\t\s*\d+$"), Separator = Separator.Tab, Type = Interaction,
        },
        new(ImportFormat.LastFm, "Last.fm 1K (plays; the items are artists)", "user=1,time=2,item=3|4")
        {
            Line = Lines(@"^user_\d+\t\d{4}-\d\d-\d\dT[\d:]+Z\t[0-9a-f-]*\t[^\t]*\t[0-9a-f-]*\t.*$"), Separator = Separator.Tab, Type = Interaction,
        },
        new(ImportFormat.BookCrossing, "Book-Crossing (0 is no rating)", "user=User-ID,item=ISBN,value=Book-Rating")
        {
            Header = ["User-ID", "ISBN", "Book-Rating"], Type = Rating, TypeWithoutValue = Interaction, Missing = ["0"],
        },
        new(ImportFormat.Shopify, "Shopify orders", "user=Email,item=Lineitem sku|Lineitem name,value=Lineitem quantity,time=Created at,session=Name")
        {
            Header = ["Name", "Email", "Financial Status", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem sku"], Type = "purchase",
            Where = ["Financial Status=paid|partially_refunded", "Cancelled at="], CarryForward = ["Name", "Email", "Financial Status", "Created at", "Cancelled at"],
        },
        new(ImportFormat.WooCommerce, "WooCommerce orders", "user=Email (Billing),item=SKU|Item Name,value=Quantity,time=Order Date,session=Order Number")
        {
            Header = ["Order Number", "Order Status", "Order Date", "Email (Billing)", "SKU", "Item Name", "Quantity"], Type = "purchase",
            Where = ["Order Status=Completed|Processing|wc-completed|wc-processing"], CarryForward = ["Order Number", "Order Status", "Order Date", "Email (Billing)"],
        },
        new(ImportFormat.Ga4, "Google Analytics 4 (BigQuery export)",
            "user=user_id|user_pseudo_id,item=items.item_id|items.item_name,value=items.quantity,time=event_timestamp,type=event_name,session=ecommerce.transaction_id|event_params.ga_session_id")
        {
            Header = ["event_name", "event_timestamp", "user_pseudo_id"], IsJson = true, LayOut = "items",
            Types = "view_item=view,select_item=click,add_to_wishlist=like,add_to_cart=cart",
        },
    ];

    private static Regex Lines(string pattern) => new(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
}
