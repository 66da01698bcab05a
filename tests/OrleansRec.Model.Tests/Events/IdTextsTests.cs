namespace OrleansRec.Model.Tests;

/// <summary>Ids that are a mistake of the program that wrote them, in what is written and not in what is asked for.</summary>
public class IdTextsTests
{
    [Theory]
    [InlineData("null")]
    [InlineData("NULL")]
    [InlineData("None")]
    [InlineData("NaN")]
    [InlineData("Undefined")]
    [InlineData("(null)")]
    [InlineData("(Not Set)")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public void CheckEvent_ANullLikeId_IsRefusedAndNamed(string id)
    {
        Assert.Equal(("userId", $"must be an id; '{id.ToLowerInvariant()}' stands for a missing one"), Broken(id, "x"));
        Assert.Equal("itemId", Broken("ann", id)!.Value.Field);
        Assert.Null(Broken(id, id, IdLeniency.NullLike));
        Assert.Null(EventRules.CheckId("userId", id));
    }

    [Theory]
    [InlineData("-")]
    [InlineData("nullable")]
    [InlineData("nul")]
    [InlineData("0")]
    [InlineData("00000000-0000-0000-0000-000000000001")]
    [InlineData("u 1")]
    public void CheckEvent_AnIdLikeOne_IsTaken(string id) => Assert.Null(Broken(id, id));

    [Theory]
    [InlineData(" u1")]
    [InlineData("u1 ")]
    [InlineData("u1\u00A0")]
    [InlineData("\tu1")]
    [InlineData("u1\r")]
    [InlineData("\uFEFFu1")]
    [InlineData("\u2003u1")]
    [InlineData(" ")]
    public void CheckEvent_AnIdWithASpaceAtItsEdge_IsRefused(string id)
    {
        Assert.Equal(("userId", "must not begin or end with a space"), Broken(id, "x"));
        Assert.Equal("itemId", Broken("ann", id)!.Value.Field);
        Assert.Null(Broken(id, id, IdLeniency.EdgeSpaces));
        Assert.Equal(id.Trim().Trim('\uFEFF'), IdTexts.Trim(id).ToString());
    }

    [Fact]
    public void CheckItem_RefusesTheSameIds()
    {
        Assert.Equal("itemId", ItemRules.CheckItem("null", null, null, null, null, null)!.Field);
        Assert.Equal("itemId", ItemRules.CheckItem("a ", null, null, null, null, null)!.Field);
        Assert.Null(ItemRules.CheckItem("a", null, null, null, null, null));
    }

    private static (string Field, string Rule)? Broken(string user, string item, IdLeniency kept = IdLeniency.None) =>
        EventRules.CheckEvent(user, item, "view", null, null, null, null, EventTypeRules.Default, 0, kept: kept) is { } broken ? (broken.Field, broken.Rule) : null;
}
