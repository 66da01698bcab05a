using System.Text;
using OrleansRec.Cli.Import;
using OrleansRec.Model;
using OrleansRec.Model.Items;
using Parquet.Schema;

namespace OrleansRec.Cli.Tests.Import;

/// <summary>Catalogue files on texts small enough to check by eye.</summary>
public class CatalogueTests
{
    // Case 18 of ../shared/cases/import.md.
    [Fact]
    public void MoviesDat_IsACatalogue()
    {
        var (rows, _, file) = Read(Encoding.Latin1.GetBytes("1::Toy Story (1995)::Animation|Children's|Comedy\n73::Misérables, Les: 1995 (1995)::Drama\n"));
        Assert.Equal(["1", "73"], rows.Select(r => r.ItemId));
        Assert.Equal(["Toy Story (1995)", "Misérables, Les: 1995 (1995)"], rows.Select(r => r.Title));
        Assert.Equal(["Animation", "Children's", "Comedy"], rows[0].Categories);
        Assert.StartsWith("movielens, MovieLens movies.dat", file);
    }

    [Fact]
    public void MoviesCsv_IsACatalogue()
    {
        var (rows, _, _) = Read("movieId,title,genres\n1,Toy Story (1995),Adventure|Animation\n11,\"American President, The (1995)\",(no genres listed)\n");
        Assert.Equal([("1", 2), ("11", 0)], rows.Select(r => (r.ItemId, r.Categories.Count)));
        Assert.Equal("American President, The (1995)", rows[1].Title);
    }

    [Fact]
    public void ShopifyProducts_GiveAnItemForEachVariant()
    {
        var (rows, rejected, _) = Read(
            "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Image Src,Status\n"
            + "tea,Green tea,<p>good</p>,Acme,Food > Tea,Tea,\"green, loose\",true,Size,100 g,TEA-1,shopify,7,deny,4.50,http://x/1.jpg,active\n"
            + "tea,,,,,,,,,200 g,TEA-2,shopify,-3,deny,8.00,,\n"
            + "tea,,,,,,,,,,,,,,,http://x/2.jpg,\n"
            + "mug,Mug,,Acme,,Mugs,,false,Title,Default Title,,,,deny,9.5,,draft\n");
        Assert.Equal([("TEA-1", "Green tea", 4.5, 7L), ("TEA-2", "Green tea", 8, 0), ("mug", "Mug", 9.5, null)], rows.Select(r => (r.ItemId, r.Title!, r.Price!.Value, r.Stock)));
        Assert.Equal([true, true, false], rows.Select(r => r.IsVisible));
        Assert.Equal(["Food > Tea", "Tea"], rows[1].Categories);
        Assert.Equal(("200 g", "Acme", "tea"), (rows[1].Attributes["Size"], rows[1].Details.Brand, rows[1].Attributes["Handle"]));
        Assert.Equal(["green", "loose"], rows[1].Details.Tags);
        Assert.Equal("http://x/1.jpg", rows[0].Details.ImageUrl);
        Assert.Equal(4, Assert.Single(rejected).Number);
    }

    [Fact]
    public void Csv_OtherColumnsAreAttributes()
    {
        var (rows, rejected, _) = Read("sku;name;category;price;stock;visible;colour;note\nA;Mug;cups|blue;9.5;3;yes;blue;\nB;Pot;;;;no;;x\nC;Cup;;cheap;;;;\nD;Cup;;1;2.5;;;\nnull;x;;;;;;\n");
        Assert.Equal([("A", 9.5, 3L, true), ("B", (double?)null, null, false)], rows.Select(r => (r.ItemId, r.Price, r.Stock, r.IsVisible)));
        Assert.Equal(["cups", "blue"], rows[0].Categories);
        Assert.Equal("blue", Assert.Single(rows[0].Attributes, a => a.Key == "colour").Value);
        Assert.Equal(["price", "stock", "itemId"], rejected.Select(r => r.Rejected!.Field));
    }

    [Fact]
    public void JsonLines_ArraysAreCategories_AndNestedValuesAttributes()
    {
        var (rows, _, _) = Read("{\"asin\":\"B1\",\"title\":\"Tea\",\"categories\":[[\"Food\",\"Tea\"],[\"Food\"]],\"price\":4.5,\"details\":{\"a\":1}}\n{\"asin\":\"B2\",\"title\":null,\"attributes\":{\"colour\":\"red\"}}\n");
        Assert.Equal(["Food", "Tea"], rows[0].Categories);
        Assert.Equal("{\"a\":1}", rows[0].Attributes["details"]);
        Assert.Equal((null, "red"), (rows[1].Title, rows[1].Attributes["colour"]));
    }

    [Fact]
    public async Task Parquet_IsACatalogue()
    {
        byte[] file = await ParquetTests.Make(
            (new DataField("item_id", typeof(long), false), g => f => g.WriteAsync<long>(f, new long[] { 1, 2 })), (new DataField<string>("title"), g => f => g.WriteAsync(f, new string?[] { "a", null })),
            (new DataField("price", typeof(double), true), g => f => g.WriteAsync<double>(f, new double?[] { 1.5, null })), (new DataField<string>("brand"), g => f => g.WriteAsync(f, new string?[] { "x", null })));
        var (rows, _, _) = Read(file);
        Assert.Equal([("1", "a", 1.5, "x"), ("2", null, null, null)], rows.Select(r => (r.ItemId, r.Title, r.Price, r.Details.Brand)));
    }

    [Fact]
    public void Titles_InAnotherEncoding_AreNeverStoredBroken()
    {
        var (rows, _, _) = Read(Encoding.Latin1.GetBytes("sku,title\nA,PAINTED \u00A3 HEART\n"));
        Assert.Equal("PAINTED \u00A3 HEART", rows[0].Title);
        var (_, rejected, _) = Read(Encoding.Latin1.GetBytes("sku,title\nA,PAINTED \u00A3 HEART\n"), options: new() { Encoding = "utf-8" });
        Assert.StartsWith("text must be valid UTF-8", Assert.Single(rejected).Rejected!.Reason);
    }

    [Theory]
    [InlineData("title,price\nA,1\n", "columns")]
    [InlineData("[{\"sku\":1}]", "file")]
    [InlineData("", "file")]
    public void Catalogue_ThatIsNone_IsRefused(string text, string field) => Assert.Equal(field, Assert.Throws<BadInputException>(() => Read(text)).Field);

    [Fact]
    public void Columns_ByNumber_ReadAFileWithoutHeader()
    {
        var (rows, _, _) = Read("7,Tea,x\n8,Mug,y\n", "item=1,title=2");
        Assert.Equal([("7", "Tea", "x"), ("8", "Mug", "y")], rows.Select(r => (r.ItemId, r.Title!, r.Attributes["column 3"])));
    }

    [Fact]
    public void Mapping_FillsEveryFieldOfAnItem()
    {
        var row = new CatalogueRow("A") { Title = "t", Categories = ["c"], Price = 2, Stock = 3, IsVisible = false };
        row.Attributes["k"] = "v";
        var item = CatalogueMapping.ToInput(row);
        Assert.Equal(("A", "t", "c", 2.0, 3L, false, "v"), (item.ItemId, item.Title, item.Categories![0], item.Price!.Value, item.Stock!.Value, item.Visible, item.Attributes!["k"]));
    }

    [Fact]
    public void Columns_ThatAreFieldsOfAnItem_FillThem()
    {
        var (rows, rejected, _) = Read("""
            sku,kind,Vendor,rating,tags,group_id,available from,until,text,link,Image Src,vectors,colour
            A,coupon,North,4.5,"red,new",g1,2026-01-01T00:00:00Z,1800000000,Holds tea,https://s/a,/a.png,"{""text"":[1,0.5]}",blue
            """);
        Assert.Empty(rejected);
        var item = CatalogueMapping.ToInput(Assert.Single(rows));
        Assert.Equal(("coupon", "North", 4.5, "g1", "Holds tea", "https://s/a", "/a.png"), (item.Kind!, item.Brand!, item.Rating!.Value, item.Group!, item.Text!, item.Url!, item.ImageUrl!));
        Assert.Equal(["red", "new"], item.Tags!);
        Assert.Equal((1_767_225_600_000, 1_800_000_000_000), (item.From!.Value.ToUnixTimeMilliseconds(), item.Until!.Value.ToUnixTimeMilliseconds()));
        Assert.Equal([1, 0.5f], item.Vectors!["text"]);
        Assert.Equal("colour", Assert.Single(item.Attributes!).Key);
    }

    [Theory]
    [InlineData("rating", "4 of 5"), InlineData("kind", "hardcover"), InlineData("url", "javascript:1"), InlineData("from", "soon"), InlineData("rating", "-1"), InlineData("vectors", "{\"a\":1}")]
    public void Columns_WhoseValueBreaksTheRuleOfTheField_StayAttributes(string column, string value)
    {
        var (rows, _, _) = Read($"sku,{column}\nA,\"{value.Replace("\"", "\"\"")}\"\n");
        Assert.Equal(value, Assert.Single(rows).Attributes[column]);
        Assert.Equal(LoggedDetails.Of(ItemKind.Product), rows[0].Details);
    }

    [Fact]
    public void Columns_OfOneField_TheFirstFillsIt()
    {
        var (rows, _, _) = Read("sku,brand,vendor\nA,North,South\nB,,East\n");
        Assert.Equal([("North", "South"), ("East", null)], rows.Select(r => (r.Details.Brand!, r.Attributes.GetValueOrDefault("vendor"))));
    }

    private static (List<CatalogueRow> Rows, List<CatalogueLine> Rejected, string Found) Read(string text, string? columns = null, ReadOptions? options = null) => Read(Encoding.UTF8.GetBytes(text), columns, options);

    private static (List<CatalogueRow> Rows, List<CatalogueLine> Rejected, string Found) Read(byte[] content, string? columns = null, ReadOptions? options = null)
    {
        string path = Path.Combine(Path.GetTempPath(), $"catalogue-{Guid.NewGuid():N}");
        File.WriteAllBytes(path, content);
        try
        {
            using var file = CatalogueFile.Open(new(path, null, ImportColumns.Parse(columns, ImportColumns.ItemParts)) { Read = options ?? ReadOptions.Default });
            var (rows, rejected) = (new List<CatalogueRow>(), new List<CatalogueLine>());
            while (file.Read(out var line))
            {
                if (line.Row is { } row)
                    rows.Add(row);
                else
                    rejected.Add(line);
            }
            return (rows, rejected, file.Found);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
