using Orleans;
using Orleans.Concurrency;

namespace OrleansRec.Contracts;

/// <summary>Which model versions are held and which is in use. Name: <see cref="GrainKey.Models"/>.</summary>
[Alias("rec.model-directory-grain")]
public interface IModelDirectoryGrain : IGrainWithStringKey
{
    /// <summary>The versions held and the current one.</summary>
    [AlwaysInterleave, Alias("get")]
    Task<ModelDirectory> Get(CancellationToken cancellation = default);

    /// <summary>The current version; 0 where none is published.</summary>
    [AlwaysInterleave, Alias("current")]
    Task<long> GetCurrent(CancellationToken cancellation = default);

    /// <summary>Adds a prepared version and moves the pointer to it, once: publishing a version that is held already changes nothing.</summary>
    [Alias("publish")]
    Task<ModelDirectory> Publish(ModelInfo model, CancellationToken cancellation = default);

    /// <summary>
    /// Whether a version is held. If it is not, no attempt before <paramref name="attempt"/> can publish it any more:
    /// <see cref="Publish"/> then throws <see cref="FencedException"/>.
    /// </summary>
    [Alias("claim")]
    Task<bool> Claim(long version, int attempt, CancellationToken cancellation = default);

    /// <summary>Moves the pointer to a version that is held; false where it is not.</summary>
    [Alias("promote")]
    Task<bool> Promote(long version, CancellationToken cancellation = default);
}
