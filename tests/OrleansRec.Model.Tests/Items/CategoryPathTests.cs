using OrleansRec.Model.Items;

namespace OrleansRec.Model.Tests.Items;

/// <summary>Paths are read by their separator with its spaces, and by nothing else.</summary>
public sealed class CategoryPathTests
{
    [Theory]
    [InlineData("Home", 1, false), InlineData("Home > Garden", 2, false), InlineData("A > B > C", 3, false), InlineData("Price>100", 1, false)]
    [InlineData(" > Garden", 2, true), InlineData("Home > ", 2, true), InlineData("Home >  > Garden", 3, true), InlineData(" ", 1, true)]
    public void CountNames_AndHasEmptyName_FollowTheSeparator(string path, int names, bool hasEmpty) =>
        Assert.Equal((names, hasEmpty), (CategoryPath.CountNames(path), CategoryPath.HasEmptyName(path)));

    [Fact]
    public void EndOfParent_WalksToTheWidest()
    {
        const string path = "A > B > C";
        Assert.Equal([5, 1, -1], new[] { CategoryPath.EndOfParent(path, path.Length), CategoryPath.EndOfParent(path, 5), CategoryPath.EndOfParent(path, 1) });
    }

    [Theory]
    [InlineData("Home > Garden", true), InlineData("Home > ", false), InlineData("", false)]
    public void CheckItem_ACategory_HasNoEmptyName(string category, bool isFine) =>
        Assert.Equal(isFine, ItemRules.CheckItem("i", null, [category], null, null, null) is null);

    [Fact]
    public void CheckItem_APathOfTooManyNames_IsRefused()
    {
        string[] names = [.. Enumerable.Range(0, CategoryPath.NamesMax).Select(n => $"n{n}")];
        Assert.Null(ItemRules.CheckItem("i", null, [string.Join(CategoryPath.Separator, names)], null, null, null));
        Assert.NotNull(ItemRules.CheckItem("i", null, [string.Join(CategoryPath.Separator, [.. names, "one more"])], null, null, null));
    }
}
