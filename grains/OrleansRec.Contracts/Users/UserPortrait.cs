using Orleans;

namespace OrleansRec.Contracts;

/// <summary>What a history says of its user; see <c>UserFacts</c> in the model layer for what each number is.</summary>
[GenerateSerializer, Immutable, Alias("rec.user-portrait")]
public sealed record UserPortrait(
    Interest[] Categories, Interest[] Brands, double? PriceLow, double? PriceMedian, double? PriceHigh, int[] Hours, int ActiveDays, double RecencyDays, int Orders,
    double Spend);

/// <summary>A name and its share of a user's interest, 0 … 1.</summary>
[GenerateSerializer, Immutable, Alias("rec.interest")]
public readonly record struct Interest(string Name, double Share);
