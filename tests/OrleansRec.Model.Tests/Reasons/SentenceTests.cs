using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Reasons;

namespace OrleansRec.Model.Tests.Reasons;

/// <summary>Goal: every kind of reason has one sentence in every language, of the strongest thing that speaks for an entry. Method: planted reasons whose strongest is known.</summary>
public sealed class SentenceTests
{
    public static TheoryData<string, string, string?, string, string, string> Cases => new()
    {
        // Part, deed, item that adds, English, German, Chinese.
        { "als", "purchase", "mug", "Because you bought Blue mug.", "Weil Sie „Blue mug“ gekauft haben.", "因为您购买过“Blue mug”。" },
        { "als", "cart", "mug", "Because you put Blue mug into your basket.", "Weil Sie „Blue mug“ in den Warenkorb gelegt haben.", "因为您将“Blue mug”加入过购物车。" },
        { "als", "like", "mug", "Because you like Blue mug.", "Weil Ihnen „Blue mug“ gefällt.", "因为您喜欢“Blue mug”。" },
        { "als", "rating", "mug", "Because you rated Blue mug.", "Weil Sie „Blue mug“ bewertet haben.", "因为您给“Blue mug”打过分。" },
        { "als", "review", "mug", "Because you reviewed Blue mug.", "Weil Sie „Blue mug“ rezensiert haben.", "因为您评价过“Blue mug”。" },
        { "sequence", "view", "mug", "Because you looked at Blue mug.", "Weil Sie „Blue mug“ angesehen haben.", "因为您浏览过“Blue mug”。" },
        { "sequence", "click", "mug", "Because you clicked on Blue mug.", "Weil Sie „Blue mug“ angeklickt haben.", "因为您点击过“Blue mug”。" },
        { "als", "wishlist", "mug", "Because you are interested in Blue mug.", "Weil Sie sich für „Blue mug“ interessieren.", "因为您对“Blue mug”感兴趣。" },
        { "als", "basket", "mug", "Because Blue mug is in your basket.", "Weil „Blue mug“ in Ihrem Warenkorb liegt.", "因为您的购物车里有“Blue mug”。" },
        { "als", "page", "mug", "Because you are looking at Blue mug.", "Weil Sie gerade „Blue mug“ ansehen.", "因为您正在浏览“Blue mug”。" },
        { "item-item", "purchase", "mug", "Customers who chose Blue mug also chose this.", "Wer „Blue mug“ gewählt hat, hat auch dies gewählt.", "选择“Blue mug”的顾客也选择了它。" },
        { "bought-together", "page", "mug", "Often bought together with Blue mug.", "Wird oft zusammen mit „Blue mug“ gekauft.", "经常与“Blue mug”一起购买。" },
        { "content", "view", "mug", "Similar to Blue mug.", "Ähnlich wie „Blue mug“.", "与“Blue mug”相似。" },
        { "buy-again", "purchase", "mug", "You have bought this before.", "Das haben Sie schon einmal gekauft.", "您以前购买过它。" },
        { "recently-viewed", "view", "mug", "You have looked at this lately.", "Das haben Sie kürzlich angesehen.", "您最近浏览过它。" },
        { "popular", "", null, "Popular with other customers.", "Bei anderen Kunden beliebt.", "受其他顾客欢迎。" },
        { "trending", "", null, "In demand right now.", "Gerade gefragt.", "近期热门。" },
        { "new", "", null, "New in our shop.", "Neu in unserem Shop.", "本店新品。" },
        { "context", "", null, "Goes with what you are looking at.", "Passt zu dem, was Sie gerade ansehen.", "与您正在浏览的商品相配。" },
        { "first-event", "", null, "Similar to what you chose before.", "Ähnlich wie das, was Sie zuvor gewählt haben.", "与您之前选择的商品相似。" },
        { "segment", "", null, "Popular with customers like you.", "Beliebt bei Kunden wie Ihnen.", "受与您相似的顾客欢迎。" },
        { "any", "", null, "From our range.", "Aus unserem Sortiment.", "来自本店商品。" },
        { "rule", "", null, "Recommended by our shop.", "Von unserem Shop empfohlen.", "本店推荐。" },
        { "none", "", null, "From the selection that was asked for.", "Aus der angefragten Auswahl.", "来自所请求的候选商品。" },
        { "als", "", null, "Matches your taste.", "Passt zu Ihrem Geschmack.", "符合您的喜好。" },
        { "als", "purchase", "blank", "Because you bought blank.", "Weil Sie „blank“ gekauft haben.", "因为您购买过“blank”。" },
        { "als", "purchase", "no title", "Because you bought no title.", "Weil Sie „no title“ gekauft haben.", "因为您购买过“no title”。" },
        { "a part of tomorrow", "purchase", "mug", "Because you are interested in Blue mug.", "Weil Sie sich für „Blue mug“ interessieren.", "因为您对“Blue mug”感兴趣。" },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Of_EachKindInEachLanguage_IsItsSentence(string part, string deed, string? item, string english, string german, string chinese)
    {
        ScoreReason[] less = item is null ? [] : [new(part, "pan", 0.1), new("other", "pot", 0.2)];
        Statement said = Statement.Of([.. less, new(part, item, 0.5), new(HybridCandidates.BiasPart, null, 9)], "personal", id => id == item ? deed : null);

        Assert.Equal([english, german, chinese], new[] { "en", "de", "zh" }.Select(language => Sentences.Of(language, said, TitleOf)));
    }

    [Fact]
    public void Templates_OfEveryLanguage_AreOfTheSameKindsAndNameTheSameItems()
    {
        foreach (string kind in Sentences.Kinds)
        {
            string[] sentences = [.. Sentences.Languages.Select(language => Sentences.Of(language, new(kind, "§"), _ => null))];
            Assert.Equal(sentences.Length, sentences.Distinct().Count());
            Assert.All(sentences, s => Assert.Equal(Sentences.NamesItem(kind), s.Contains('§')));
            Assert.All(sentences, s => Assert.True(s[^1] is '.' or '。' && !s.Contains('{'), s));
        }
        Assert.Subset(Sentences.Kinds.ToHashSet(), Sentences.Deeds.ToHashSet());
        Assert.All(Sentences.Deeds, deed => Assert.True(Sentences.NamesItem(deed), deed));
    }

    [Fact]
    public void Of_StrongestPart_IsBySum_AndWithinItTheItemThatAddsMost()
    {
        ScoreReason[] reasons = [new("content", "a", 0.5), new("als", "b", 0.3), new("als", "c", 0.4), new("als", "d", -0.1), new("trending", null, 0.55)];

        Assert.Equal(new Statement("purchase", "c"), Statement.Of(reasons, "personal", _ => "purchase"));
        Assert.Equal(new Statement("trending", null), Statement.Of([.. reasons, new("als", "e", -0.2)], "personal", _ => "purchase"));
        Assert.Equal(new Statement("purchase", "b"), Statement.Of([new("als", "c", 0.4), new("als", "b", 0.4)], "personal", _ => "purchase"));
    }

    [Theory]
    [InlineData("popular", "popular"), InlineData("similar", "personal"), InlineData("together", "personal"), InlineData("personal", "personal"), InlineData("rule", "rule")]
    public void Of_NothingAddsAboveZero_IsTheSource(string source, string kind) =>
        Assert.Equal(new Statement(kind, null), Statement.Of([new("als", "a", -1), new("als", null, 0.5)], source, _ => "purchase"));

    [Fact]
    public void Of_PartWithoutAnItem_SaysNoItem()
    {
        Assert.Equal(new Statement(Sentences.Personal, null), Statement.Of([new("item-item", null, 1)], "similar", _ => null));
        Assert.Equal(new Statement("popular", null), Statement.Of([new("popular", null, 1)], "personal", _ => null));
    }

    [Theory]
    [InlineData("de-AT,en", "de"), InlineData("fr,zh-Hans-CN,de", "zh"), InlineData("fr,*", "en"), InlineData("", "en"), InlineData("DE", "de"), InlineData("deu", "en")]
    public void LanguageOf_Preferences_IsTheFirstThatIsKnown(string preferred, string language) =>
        Assert.Equal(language, Sentences.LanguageOf(preferred.Split(',', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public void Of_UnknownLanguageOrKind_IsRefused()
    {
        Assert.Contains("got fr", Assert.Throws<ArgumentException>(() => Sentences.Of("fr", new("any", null), TitleOf)).Message);
        Assert.Contains("got magic", Assert.Throws<ArgumentException>(() => Sentences.Of("en", new("magic", null), TitleOf)).Message);
    }

    private static string? TitleOf(string itemId) => itemId == "mug" ? "Blue mug" : itemId == "blank" ? "" : null;
}
