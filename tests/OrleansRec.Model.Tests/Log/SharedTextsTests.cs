namespace OrleansRec.Model.Tests.Log;

/// <summary>Equal texts come back as one object, whatever else has been asked for.</summary>
public sealed class SharedTextsTests
{
    [Fact]
    public void Of_EqualTexts_IsOneObject()
    {
        string first = SharedTexts.Of(new string("shared-texts-a"));

        Assert.Same(first, SharedTexts.Of(new string("shared-texts-a")));
    }

    [Fact]
    public void Of_MoreTextsThanPlaces_IsAlwaysTheTextAskedFor()
    {
        for (int n = 0; n < 2 * SharedTexts.PlacesMax; n++)
            Assert.Equal($"shared-texts-{n}", SharedTexts.Of($"shared-texts-{n}"));
    }

    [Fact]
    public void IdTable_OfTwoShards_KeepsOneString()
    {
        IdTable one = new(keepStrings: true), two = new(keepStrings: true);
        one.GetOrAdd(new string("shared-texts-of-a-table"));
        two.GetOrAdd(new string("shared-texts-of-a-table"));

        Assert.Same(one[0], two[0]);
    }
}
