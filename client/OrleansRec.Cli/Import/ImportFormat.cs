namespace OrleansRec.Cli.Import;

/// <summary>How a file of interactions is laid out. Each may be in gzip or zip.</summary>
public enum ImportFormat
{
    /// <summary>RFC 4180, with commas or another separator.</summary>
    Csv,

    /// <summary>Tabs, no quoting.</summary>
    Tsv,

    /// <summary>One JSON object on each line.</summary>
    JsonLines,

    /// <summary>u.data, ratings.dat or ratings.csv, told apart by the first line.</summary>
    MovieLens,

    /// <summary>Invoice lines of the UCI Online Retail data set, either edition.</summary>
    OnlineRetail,

    /// <summary>Parquet.</summary>
    Parquet,

    /// <summary>events.csv of Retail Rocket.</summary>
    RetailRocket,

    /// <summary>Behaviour of a multi-category store, by REES46.</summary>
    Rees46,

    /// <summary>UserBehavior.csv of Taobao.</summary>
    Taobao,

    /// <summary>Amazon reviews of 2014, 2018 or 2023: reviews or ratings only.</summary>
    Amazon,

    /// <summary>Reviews of Yelp.</summary>
    Yelp,

    /// <summary>Plays of Last.fm, 360K or 1K users.</summary>
    LastFm,

    /// <summary>Ratings of Book-Crossing.</summary>
    BookCrossing,

    /// <summary>Order export of Shopify.</summary>
    Shopify,

    /// <summary>Order export of WooCommerce, a line for each product (Advanced Order Export).</summary>
    WooCommerce,

    /// <summary>Export of Google Analytics 4 as JSON Lines.</summary>
    Ga4,
}

/// <summary>The names that formats have on the command line.</summary>
public static class ImportFormats
{
    private static readonly (string Name, ImportFormat Format)[] All =
    [
        ("csv", ImportFormat.Csv), ("tsv", ImportFormat.Tsv), ("jsonl", ImportFormat.JsonLines), ("parquet", ImportFormat.Parquet), ("movielens", ImportFormat.MovieLens),
        ("online-retail", ImportFormat.OnlineRetail), ("retail-rocket", ImportFormat.RetailRocket), ("rees46", ImportFormat.Rees46), ("taobao", ImportFormat.Taobao),
        ("amazon", ImportFormat.Amazon), ("yelp", ImportFormat.Yelp), ("lastfm", ImportFormat.LastFm), ("book-crossing", ImportFormat.BookCrossing),
        ("shopify", ImportFormat.Shopify), ("woocommerce", ImportFormat.WooCommerce), ("ga4", ImportFormat.Ga4),
    ];

    /// <summary>Every name.</summary>
    public static IEnumerable<string> Names => All.Select(f => f.Name);

    /// <summary>The format of a name.</summary>
    /// <exception cref="BadInputException">No format has it.</exception>
    public static ImportFormat Parse(string name)
    {
        foreach (var (known, format) in All)
            if (known == name)
                return format;
        throw new BadInputException("format", name, $"must be one of {string.Join(", ", Names)}");
    }

    /// <summary>The name of a format.</summary>
    public static string NameOf(ImportFormat format) => All.First(f => f.Format == format).Name;
}
