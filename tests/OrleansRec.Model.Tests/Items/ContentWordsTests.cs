using OrleansRec.Model.Items;

namespace OrleansRec.Model.Tests.Items;

/// <summary>Words of planted items, and what they say of likeness.</summary>
public sealed class ContentWordsTests
{
    [Fact]
    public void Of_TheWorkedExample_HasTheStatedWords() =>
        Assert.Equal(["red", "mug", "@acme", "#new", "=Home > Kitchen", "=Home"], ContentWords.Of("Red Mug", "Acme", ["New"], ["Home > Kitchen"]));

    [Theory]
    [InlineData("T-shirt, 100% cotton!", "t shirt 100 cotton"), InlineData("\u9752\u82b1\u74f7\u676f", "\u9752\u82b1 \u82b1\u74f7 \u74f7\u676f"), InlineData("mug mug MUG", "mug"), InlineData("", ""), InlineData("Caf\u00e9 \u6c34", "caf\u00e9")]
    public void Of_ATitle_IsItsWords(string title, string words) =>
        Assert.Equal(words.Split(' ', StringSplitOptions.RemoveEmptyEntries), ContentWords.Of(title, null, [], []));

    [Fact]
    public void Of_AVeryLongTitle_IsBounded() =>
        Assert.Equal(ContentWords.WordsMax, ContentWords.Of(string.Join(' ', Enumerable.Range(0, 1000)), null, [], []).Count);

    [Fact]
    public void ScoreOf_ARareWordInCommon_SaysMoreThanACommonOne()
    {
        // Word 1 is in every item, word 2 in two of them.
        int[][] all = [[1, 2], [1, 2], [1, 3], [1, 4]];
        var overlap = new ContentOverlap(all[0], all);
        Assert.Equal((Math.Log(2) + Math.Log(3)) / 2, overlap.ScoreOf(all[1]), 12);
        Assert.Equal(Math.Log(2) / 2, overlap.ScoreOf(all[2]), 12);
        Assert.Equal(0, overlap.ScoreOf([5]));
        Assert.Equal(0, overlap.ScoreOf([]));
    }
}
