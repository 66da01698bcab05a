using System.Globalization;
using OrleansRec.Cli.Import;
using OrleansRec.Cli.Tests.Import;

namespace OrleansRec.Cli.Tests.Layouts;

/// <summary>
/// Each layout that is known by name, as a small made-up file with its exact header and quirks, is read with no option but the file's name. What each line becomes is written beside it:
/// user, item, type, value, time, session.
/// </summary>
public class NamedLayoutTests
{
    public static TheoryData<string, string, string[], string[]> Files => new()
    {
        {
            "OnlineRetail.csv", "Online Retail",
            ["17850 85123A purchase 1 2010-12-01T08:26:00 536365", "17850 71053 purchase 1 2010-12-01T08:26:00 536365", "13047 22633 purchase 1 2010-12-01T08:28:00 536366", "13748 22086 purchase 1 2010-12-02T09:00:00 536371"],
            ["cancelled invoice", "no CustomerID", "StockCode is not goods"]
        },
        {
            "online_retail_II.csv", "Online Retail II", ["13085 85048 purchase 1 2009-12-01T07:45:00 489434", "13085 79323P purchase 1 2009-12-01T07:45:00 489434"],
            ["cancelled invoice", "StockCode is not goods", "no Customer ID"]
        },
        { "u.data", "MovieLens 100k (u.data)", ["196 242 rating 3 1997-12-04T15:55:49", "186 302 rating 3 1998-04-04T19:22:22", "22 377 rating 1 1997-11-07T07:18:36"], [] },
        { "ratings.dat", "MovieLens 1M or 10M (ratings.dat)", ["1 1193 rating 5 2000-12-31T22:12:40", "1 661 rating 3 2000-12-31T22:35:09", "2 1357 rating 4.5 2000-12-31T21:38:29"], [] },
        { "ratings.csv", "MovieLens (ratings.csv)", ["1 1 rating 4 2000-07-30T18:45:03", "1 3 rating 4 2000-07-30T18:20:47", "2 318 rating 3 2015-10-24T19:27:15"], [] },
        {
            "retailrocket_events.csv", "Retail Rocket (events.csv)",
            ["257597 355908 view  2015-06-02T05:02:12", "992329 248676 cart  2015-06-02T05:50:14", "599528 356475 purchase  2015-06-02T05:17:56 4000"], []
        },
        {
            "2019-Oct.csv", "REES46 (multi-category store)",
            [
                "541312140 44600062 view  2019-10-01T00:00:00 72d76fde-8bb3-4e00-8c23-a032dfed738c", "554748717 3900821 cart  2019-10-01T00:00:04 9333dfbd-b87a-4708-9857-6336556b0fcc",
                "543272936 1004856 purchase  2019-10-01T00:00:09 8187d148-3c41-46d4-8b0c-9c08cd9dc564",
            ],
            ["type must be one of"]
        },
        {
            "UserBehavior.csv", "Taobao (UserBehavior.csv)",
            [
                "1 2268318 view  2017-11-24T17:21:10", "1 2333346 view  2017-11-24T22:15:33", "100 2576651 like  2017-11-25T01:21:25", "100 3830808 cart  2017-11-25T07:04:53",
                "1000004 4365585 purchase  2017-11-25T07:49:06",
            ], []
        },
        {
            "ratings_Beauty.csv", "Amazon reviews 2014 (ratings only)",
            ["A39HTATAQ9V7YF 0205616461 rating 5 2013-05-28T00:00:00", "A3JM6GV9MNOF9X 0558925278 rating 3 2012-12-14T00:00:00", "A1Z513UWSAAO0F B00004TMFE rating 5 2014-07-07T00:00:00"], []
        },
        {
            "All_Beauty_2018.csv", "Amazon reviews 2018 (ratings only)",
            ["A1V6B6TNIC10QE 0143026860 rating 5 2015-02-19T00:00:00", "A2F5GHSXFQ0W6J 0143026860 rating 4 2014-12-18T00:00:00", "A1572GUYS7DGSR B00004TMFE rating 4 2014-08-10T00:00:00"], []
        },
        { "reviews_Beauty_5.json", "Amazon reviews 2014 or 2018", ["A1YJEY40YUW4SE 7806397051 rating 1 2014-01-30T00:00:00", "A60XNB876KYML 7806397051 rating 3 2014-04-18T00:00:00"], [] },
        { "All_Beauty.json", "Amazon reviews 2014 or 2018", ["A3CIUOJXQ5VDQ2 B0000530HU rating 5 2016-09-01T00:00:00", "A3H7T87S984REU B0000530HU rating 4 2013-11-14T00:00:00"], [] },
        {
            "All_Beauty.jsonl", "Amazon reviews 2023",
            ["AGKHLEW2SOWHNMFQIJGBECAF7INQ B00YQ6X8EO rating 5 2020-05-05T14:08:48", "AEYORY2AVPMCPDV57CE337YU5LXA B097R46CSY rating 2 2020-05-16T21:41:06"], []
        },
        {
            "All_Beauty_2023.csv", "Amazon reviews 2023 (ratings only)",
            ["AGKHLEW2SOWHNMFQIJGBECAF7INQ B00YQ6X8EO rating 5 2020-05-05T14:08:48", "AEYORY2AVPMCPDV57CE337YU5LXA B097R46CSY rating 2 2020-05-16T21:41:06"], []
        },
        {
            "yelp_academic_dataset_review.json", "Yelp reviews",
            ["mh_-eMZ6K5RLWhZyISBhwA XQfwVwDr-v0ZS3_CbbE5Xw rating 3 2018-07-07T22:09:11", "OyoGAe7OKpv6SyGZT5g77Q 7ATYjTIgM3jUlt4UM3IypQ rating 5 2012-01-03T15:28:18"], []
        },
        {
            "usersha1-artmbid-artname-plays.tsv", "Last.fm 360K (plays of artists)",
            [
                "00000c289a1829a808ac09c00daf10bc3c4e223b 3bd73256-3905-4f3a-97e2-8b341527f805 interaction 2137", "00000c289a1829a808ac09c00daf10bc3c4e223b die_\"Ärzte interaction 1099",
                "00001411dc427966b17297bf4d69e7e193135d89 a3cb23fc-acd3-4ce0-8f36-1e5aa6a18432 interaction 12",
            ], []
        },
        {
            "userid-timestamp-artid-artname-traid-traname.tsv", "Last.fm 1K (plays; the items are artists)",
            [
                "user_000001 f1b1cf71-bd35-4e99-8624-24a6e15f133a interaction  2009-05-04T23:08:57", "user_000001 a7f7df4a-77d8-4f12-8acd-5c60c93f4de8 interaction  2009-05-04T13:54:10",
                "user_000002 Unknown_\"Band interaction  2009-05-04T13:52:04",
            ], []
        },
        { "BX-Book-Ratings.csv", "Book-Crossing (0 is no rating)", ["276725 034545104X interaction", "276726 0155061224 rating 5", "276729 052165615X rating 3", "276747 Mü12 rating 9"], [] },
        {
            "orders_export.csv", "Shopify orders", ["ann@example.com TEA-G purchase 2 2021-03-01T09:11:12 #1001", "ann@example.com Mug,_blue purchase 1 2021-03-01T09:11:12 #1001"],
            ["not --where Financial Status=paid|partially_refunded", "userId must not be empty", "not --where Cancelled at="]
        },
        {
            "wc-orders.csv", "WooCommerce orders", ["ann@example.com woo-hoodie purchase 1 2021-03-01T10:11:00 71", "ann@example.com Beanie purchase 2 2021-03-01T10:11:00 71"],
            ["not --where Order Status=Completed|Processing|wc-completed|wc-processing"]
        },
        {
            "ga4.jsonl", "Google Analytics 4 (BigQuery export)", ["1026454.4271112504 GGOEGAAX0104 view  2021-01-31T05:05:10 1612069500", "ann A purchase 2 2021-01-31T05:05:30 T17"],
            ["itemId must be an id; '(not set)' stands for a missing one", "itemId must not be empty"]
        },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Layout_WithNoOptionButTheFilesName_IsRead(string file, string layout, string[] events, string[] rejected)
    {
        var read = ReadFile.Path_(Of(file));
        Assert.Equal(layout, read.Found.Layout);
        Assert.Equal(events, read.Events.Select(Line));
        Assert.Equal(rejected.Length, read.Rejected.Count);
        Assert.All(rejected.Zip(read.Reasons), r => Assert.StartsWith(r.First, r.Second));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Layout_NamedByFormat_IsReadTheSame(string file, string layout, string[] events, string[] rejected)
    {
        var format = OrleansRec.Cli.Import.Layouts.All.First(l => l.Title == layout).Format;
        var read = ReadFile.Path_(Of(file), ImportFormats.Parse(ImportFormats.NameOf(format)));
        Assert.Equal((layout, events.Length, rejected.Length), (read.Found.Layout, read.Events.Count, read.Rejected.Count));
    }

    [Fact]
    public void Layout_ThatTheFileDoesNotHave_IsRefusedWithItsColumns()
    {
        var e = Assert.Throws<BadInputException>(() => ReadFile.Path_(Of("u.data"), ImportFormat.Shopify));
        Assert.Equal("format", e.Field);
        Assert.Contains("Lineitem sku", e.Rule);
    }

    [Fact]
    public void ColumnsByNumber_ReadAFileWithoutHeader()
    {
        var read = ReadFile.Path_(Of("UserBehavior.csv"), ImportFormat.Csv, "user=1,item=2,type=4,time=5", options: new() { Types = TypeNames.Parse("pv=view,buy=purchase,fav=like") });
        Assert.Equal(["view", "view", "like", "cart", "purchase"], read.Events.Select(e => e.Type));
    }

    [Fact]
    public void EveryLayout_HasAFileHere() =>
        Assert.Empty(OrleansRec.Cli.Import.Layouts.All.Select(l => l.Title).Except(Files.Select(f => f.Data.Item2)));

    internal static string Of(string file) => Path.Combine(AppContext.BaseDirectory, "Layouts", "Files", file);

    private static string Line(ImportLine e) => string.Join(' ', e.User, e.Item!.Replace(' ', '_'), e.Type, e.Value?.ToString(CultureInfo.InvariantCulture),
        e.TimeMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) : "", e.Session).TrimEnd();
}
