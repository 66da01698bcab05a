using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Tests.Import;

/// <summary>The real file gives the published counts. Skips where ../shared/data is missing.</summary>
public class OnlineRetailFileTests
{
    [Fact]
    public async Task OnlineRetail_RealFile_GivesThePublishedCounts()
    {
        string path = SharedFile("online_retail.csv.gz");
        Assert.SkipUnless(File.Exists(path), $"{path} is missing");
        var plan = new ImportPlan(path, ImportFormat.OnlineRetail, ImportColumns.Default);
        var report = await FileImport.Run(plan, new DrySink(), Model.EventTypeRules.Default, TimeProvider.System);
        Assert.Equal(
            (541_909, 396_337, 4_334, 3_659, 266_221),
            (report.Lines, report.Accepted, report.Users, report.Items, report.Pairs));
        Assert.Equal(541_909 - 396_337, report.RejectedLines);
        Assert.Equal(135_080, report.Rejected["no CustomerID"].Count);
    }

    internal static string SharedFile(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "OrleansRec.sln")))
                return Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "data", name));
        return Path.Combine("..", "shared", "data", name);
    }
}
