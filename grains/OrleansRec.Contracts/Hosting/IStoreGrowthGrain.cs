using Orleans;
using OrleansRec.Model;

namespace OrleansRec.Contracts;

/// <summary>Remembers how large the store was, so that its growth is known after a restart. There is one. Name: <see cref="GrainKey.Growth"/>.</summary>
[Alias("rec.store-growth-grain")]
public interface IStoreGrowthGrain : IGrainWithStringKey
{
    /// <summary>Notes a size, unless the last note is younger than <see cref="StoreGrowth.NotePeriod"/>; answers what is known with this size as the last.</summary>
    [Alias("note")]
    Task<StoreGrowth> Note(StoreSize size, CancellationToken cancellation = default);
}

/// <summary>What a store took on the disk at a time.</summary>
[GenerateSerializer, Immutable, Alias("rec.store-size")]
public readonly record struct StoreSize(long TimeMs, long Bytes);

/// <summary>Sizes, in the order of time.</summary>
[GenerateSerializer, Immutable, Alias("rec.store-growth")]
public sealed record StoreGrowth(StoreSize[] Sizes)
{
    /// <summary>Time between two sizes that are kept.</summary>
    public static readonly TimeSpan NotePeriod = TimeSpan.FromHours(1);

    /// <summary>Sizes kept: eight days of them.</summary>
    public const int SizesMax = 192;

    /// <summary>For <see cref="DiskForecast"/>.</summary>
    public DiskSample[] ToSamples() => Array.ConvertAll(Sizes, s => new DiskSample(s.TimeMs, s.Bytes));
}
