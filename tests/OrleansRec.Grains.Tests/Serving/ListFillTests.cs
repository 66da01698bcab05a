using Microsoft.Extensions.Options;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Serving;
using OrleansRec.Grains.Shop;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Serving;

/// <summary>Goal: a short list is filled whatever happens to the catalogue meanwhile, and is of one state of it. Method: a catalogue that the test changes between the scan and the filling.</summary>
public sealed class ListFillTests : IDisposable
{
    private readonly object _owner = new();
    private readonly ListMaker _maker;
    private readonly CatalogueCopy _catalogue;
    private readonly ListScan _scan;

    public ListFillTests()
    {
        IOptions<ServingOptions> serving = Options.Create(new ServingOptions());
        var random = new SeededRandomSource(1);
        _catalogue = new(TenantId.Default, new(1, 1), TimeProvider.System, serving);
        (_maker, _scan) = (new(_catalogue, new(TenantId.Default, TimeProvider.System, serving), random, TimeProvider.System), new(_catalogue, random));
        _catalogue.Attach(_owner, Changes(10, Planted.Ids("i", 10)));
    }

    public void Dispose() => _catalogue.Dispose();

    [Fact]
    public void Fill_CatalogueAsItWas_AddsBehindWhatThereIs()
    {
        RecommendationList list = _maker.Fill(Scanned(3), Stranger, new() { K = 6 });
        Assert.Equal(["i0", "i1", "i2", "i3", "i4", "i5"], list.Items.Select(i => i.ItemId));
    }

    /// <summary>Fixed: such a list stayed short.</summary>
    [Fact]
    public void Fill_CatalogueChangedMeanwhile_IsAWholeListOfTheNewOne()
    {
        RecommendationList scanned = Scanned(3);
        _catalogue.Write(_owner, Changes(11, ["i1"], visible: false));
        RecommendationList list = _maker.Fill(scanned, Stranger, new() { K = 6 });
        Assert.Equal(11, list.CatalogueVersion);
        Assert.Equal(["i0", "i2", "i3", "i4", "i5", "i6"], list.Items.Select(i => i.ItemId));
        Assert.Equal(Enumerable.Range(1, 6), list.Items.Select(i => i.Rank));
    }

    private static ListInput Stranger => new(null, null, [], [], 0);

    private RecommendationList Scanned(int count) => _scan.Popular(new() { K = count }, [], null);

    private static ItemChanges Changes(long version, string[] ids, bool visible = true) =>
        new(0, version, false, [.. ids.Select((id, n) => new ItemState(id, Planted.Item(id, visible: visible), false, 100 - n))]);
}
