using OrleansRec.Bench.Ingest;
using OrleansRec.Bench.Shapes;

namespace OrleansRec.Bench.Http;

/// <summary>A data folder with a shop's history and a trained model of k = 64; gone with this object.</summary>
internal sealed class BenchShop : IDisposable
{
    public static readonly HistoryShape Shape = new(PairShape.TenMillion with { Users = 10_000, Pairs = 970_000 }, 1_000_000);

    private BenchShop(string folder) => Folder = folder;

    /// <summary>For what else a measurement keeps.</summary>
    public string Folder { get; }

    public string DataFolder => Path.Combine(Folder, "data");

    /// <summary>Makes it with the product, or with another build of it.</summary>
    /// <param name="program">The build; null: this one.</param>
    /// <param name="more">What its training takes besides.</param>
    public static async Task<BenchShop> Make(string? program = null, params string[] more)
    {
        var shop = new BenchShop(Directory.CreateTempSubdirectory("orleansrec-http-").FullName);
        string file = Path.Combine(shop.Folder, "events.csv");
        HistoryCsv.Write(file, Shape);
        await ProductCommand.RunProgram(program, "import", file, "--data", shop.DataFolder, "--format", "csv", "--columns", HistoryCsv.Columns, "--json");
        await ProductCommand.RunProgram(program, ["train", "--data", shop.DataFolder, "--rank", "64", "--lambda", "10", "--alpha", "1", "--sweeps", "4", "--seed", "1", "--json", .. more]);
        File.Delete(file);
        return shop;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
