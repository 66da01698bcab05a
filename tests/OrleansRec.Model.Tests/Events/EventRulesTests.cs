namespace OrleansRec.Model.Tests;

/// <summary>Every rule on both sides of its edge: what just passes, and what is refused with field and rule.</summary>
public sealed class EventRulesTests
{
    private const long NowMs = 1_700_000_000_000;

    private static RuleViolation? Check(
        string? userId = "u", string? itemId = "i", string? type = "view", double? value = 1, long? timeMs = NowMs, string? sessionId = null,
        string? eventId = null) =>
        EventRules.CheckEvent(userId, itemId, type, value, timeMs, sessionId, eventId, EventTypeRules.Default, NowMs);

    public static TheoryData<string> GoodIds() =>
        ["u", new string('x', 256), new string('é', 128), new string('漢', 85), string.Concat(Enumerable.Repeat("😀", 64)), "a/b c%\n\"", " ", ".."];

    public static TheoryData<string?, string> BadIds() => new()
    {
        { null, "must not be empty" },
        { "", "must not be empty" },
        { new string('x', 257), "must be at most 256 bytes of UTF-8" },
        { new string('x', 300), "must be at most 256 bytes of UTF-8" },
        { new string('é', 129), "must be at most 256 bytes of UTF-8" },
        { new string('漢', 86), "must be at most 256 bytes of UTF-8" },
        { string.Concat(Enumerable.Repeat("😀", 65)), "must be at most 256 bytes of UTF-8" },
        { "a\0b", "must not hold the character U+0000" },
        { "a\ud83d", "must be valid Unicode (it holds half of a surrogate pair)" },
        { "\ude00a", "must be valid Unicode (it holds half of a surrogate pair)" },
        { "\ude00\ud83d", "must be valid Unicode (it holds half of a surrogate pair)" },
    };

    [Theory, MemberData(nameof(GoodIds))]
    public void CheckId_AnyTextOf1To256Bytes_Passes(string id) => Assert.Null(EventRules.CheckId("userId", id));

    [Theory, MemberData(nameof(BadIds))]
    public void CheckId_NotAnId_NamesFieldAndRule(string? id, string rule)
    {
        var violation = EventRules.CheckId("userId", id);
        Assert.Equal(("userId", rule), (violation!.Field, violation.Rule));
        Assert.True(violation.Value.Length <= RuleViolation.ShownCharsMax);
        Assert.True(EventRules.IsUnicode(violation.Value), "the value is repeated in answers, as UTF-8");
    }

    [Theory]
    [InlineData("userId"), InlineData("itemId"), InlineData("sessionId"), InlineData("eventId")]
    public void CheckEvent_EmptyId_NamesItsField(string field)
    {
        string Of(string name, string good) => field == name ? "" : good;
        Assert.Equal(field, Check(Of("userId", "u"), Of("itemId", "i"), sessionId: Of("sessionId", "s"), eventId: Of("eventId", "e"))!.Field);
    }

    [Fact]
    public void CheckEvent_NoSessionNoEventIdNoTimeNoValue_Passes() => Assert.Null(Check(value: null, timeMs: null));

    [Theory]
    [InlineData("nonsense"), InlineData("View"), InlineData(""), InlineData(null)]
    public void CheckEvent_UnknownType_ListsTheKnownOnes(string? type)
    {
        var violation = Check(type: type)!;
        Assert.Equal("type", violation.Field);
        Assert.Equal("must be one of view, click, like, cart, purchase, rating, interaction, dislike, impression, search, review", violation.Rule);
    }

    [Theory]
    [InlineData("view", 1e6), InlineData("view", 1e-6), InlineData("rating", 0.0), InlineData("rating", -3.5), InlineData("rating", -1e6)]
    public void CheckEvent_ValueInRange_Passes(string type, double value) => Assert.Null(Check(type: type, value: value));

    [Theory]
    [InlineData("view", double.NaN, "must be a finite number"), InlineData("rating", double.PositiveInfinity, "must be a finite number")]
    [InlineData("rating", 1_000_001.0, "must be between -1000000 and 1000000"), InlineData("rating", -1_000_001.0, "must be between -1000000 and 1000000")]
    [InlineData("view", 0.0, "must be at least 0.000001 for every type but rating")]
    [InlineData("purchase", -1.0, "must be at least 0.000001 for every type but rating")]
    public void CheckEvent_ValueOutOfRange_NamesTheRule(string type, double value, string rule)
    {
        var violation = Check(type: type, value: value)!;
        Assert.Equal(("value", rule), (violation.Field, violation.Rule));
    }

    [Fact]
    public void CheckEvent_RatingWithoutValue_IsRefused() => Assert.Equal("must be given for a rating", Check(type: "rating", value: null)!.Rule);

    [Theory]
    [InlineData(0L, null), InlineData(NowMs + EventRules.FutureMsMax, null)]
    [InlineData(-1L, "must not be before 1970-01-01"), InlineData(NowMs + EventRules.FutureMsMax + 1, "must not be more than one day ahead of now")]
    public void CheckEvent_Time_From1970ToOneDayAhead(long timeMs, string? rule) => Assert.Equal(rule, Check(timeMs: timeMs)?.Rule);

    [Fact]
    public void RuleViolation_LongValueWithAPairAtTheCut_KeepsThePairWhole()
    {
        for (int prefix = 58; prefix < 66; prefix++)
        {
            string shown = RuleViolation.Of("f", new string('x', prefix) + "😀" + new string('y', 80), "r").Value;
            Assert.True(EventRules.IsUnicode(shown) && shown.Length is 63 or 64 && shown.EndsWith('…'));
        }
    }
}
