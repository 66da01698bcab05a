using OrleansRec.Model.Ranking;

namespace OrleansRec.Model.Tests.Ranking;

/// <summary>Pages stay as they were, repeat nothing, and end.</summary>
public sealed class ListPagesTests
{
    [Fact]
    public void With_Pages_KeepsThemAndKnowsWhatWasShown()
    {
        ListPages first = ListPages.Of("r1").With(["a", "b"]), second = first.With(["c"]);
        Assert.Equal(["a", "b"], second.Page(1));
        Assert.Equal(["c"], second.Page(2));
        Assert.Null(second.Page(3));
        Assert.Null(second.Page(0));
        Assert.Equal([0, -1, 2], second.Earlier(id => id == "b" ? -1 : id[0] - 'a'));
        Assert.Equal((1, 2), (first.Pages.Count, second.Pages.Count));
        Assert.Equal(ListPages.Of("r1").Seed, second.Seed);
        Assert.NotEqual(ListPages.Of("r2").Seed, second.Seed);
    }

    [Fact]
    public void With_RepeatOrNoRoom_Throws()
    {
        ListPages pages = ListPages.Of("r1").With(["a", "b"]);
        Assert.Contains("\"b\"", Assert.Throws<ArgumentException>(() => pages.With(["c", "b"])).Message);
        Assert.Throws<ArgumentException>(() => pages.With(["c", "c"]));
        Assert.Throws<ArgumentException>(() => pages.With([.. Enumerable.Range(0, ListPages.ItemsMax - 1).Select(n => $"{n}")]));
        Assert.Equal(0, pages.With([.. Enumerable.Range(0, ListPages.ItemsMax - 2).Select(n => $"{n}")]).RoomLeft);
        Assert.Equal(0, pages.With([]).RoomLeft);
        for (int page = 1; page < ListPages.PagesMax; page++)
            pages = pages.With([$"{page}"]);
        Assert.Equal(0, pages.RoomLeft);
        Assert.Throws<ArgumentException>(() => pages.With([]));
    }
}
