using FsCheck;
using FsCheck.Fluent;

namespace OrleansRec.Model.Tests;

/// <summary>The compact table against a dictionary.</summary>
public sealed class IdTableTests
{
    [Theory]
    [InlineData(true), InlineData(false)]
    public void GetOrAdd_AnyTexts_NumbersThemByFirstAppearance(bool keepStrings)
    {
        Prop.ForAll(Gen.ListOf(Gen.OneOf(AnyId.Ids, Gen.Elements("a", "b", "c"))).ToArbitrary(), texts =>
        {
            var table = new IdTable(keepStrings);
            string[] distinct = [.. texts.Distinct()];
            foreach (string text in texts)
                Assert.Equal(Array.IndexOf(distinct, text), table.GetOrAdd(text));
            Assert.Equal(distinct.Length, table.Count);
            for (int number = 0; number < distinct.Length; number++)
            {
                Assert.Equal(distinct[number], table[number]);
                Assert.Equal(number, table.Find(distinct[number]));
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Find_ManyTexts_FindsThoseThatAreThereOnly()
    {
        var table = new IdTable();
        for (int n = 0; n < 20_000; n++)
            Assert.Equal(n, table.GetOrAdd($"id-{n}"));
        for (int n = 0; n < 20_000; n++)
        {
            Assert.Equal(n, table.Find($"id-{n}"));
            Assert.Equal(-1, table.Find($"other-{n}"));
        }
    }

    [Fact]
    public void Item_OfATableThatKeepsStrings_IsTheSameObject()
    {
        var table = new IdTable(keepStrings: true);
        table.GetOrAdd("a");
        Assert.Same(table[0], table[0]);
    }

    [Fact]
    public void MistakesOfTheCaller_Throw()
    {
        var table = new IdTable();
        Assert.Throws<ArgumentException>(() => table.GetOrAdd(""));
        Assert.Contains("got 257", Assert.Throws<ArgumentException>(() => table.GetOrAdd(new('x', 257))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => table[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => table[-1]);
    }
}
