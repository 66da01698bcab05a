using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Gateway;

public sealed partial class ClusterRecommender
{
    /// <inheritdoc/>
    public async Task<TrainingStartedAnswer> StartTrainingAsync(TrainingRequest? plan = null, CancellationToken cancellation = default)
    {
        EventTypeRules types = await AllTypes(cancellation).ConfigureAwait(false);
        TrainingPlan full = PlanRules.ToPlan(plan ?? new(), _options.DefaultPlan, types, time.GetUtcNow().ToUnixTimeMilliseconds());
        TrainingStarted started = await AskOnce(_grains.Coordinator.Start(full, cancellation), cancellation).ConfigureAwait(false);
        return new(started.Started, started.Version);
    }

    /// <inheritdoc/>
    public async Task<TrainingInfo> GetTrainingAsync(CancellationToken cancellation = default) =>
        (await Ask(() => _grains.Coordinator.GetStatus(cancellation), cancellation).ConfigureAwait(false)).ToApi();

    /// <inheritdoc/>
    public Task<bool> StopTrainingAsync(CancellationToken cancellation = default) => AskOnce(_grains.Coordinator.Stop(cancellation), cancellation);

    /// <inheritdoc/>
    public async Task<ModelsAnswer> ListModelsAsync(CancellationToken cancellation = default)
    {
        ModelDirectory directory = await Ask(() => _grains.Models.Get(cancellation), cancellation).ConfigureAwait(false);
        return new(directory.Current, Array.ConvertAll(directory.Models, m => m.ToApi()));
    }

    /// <inheritdoc/>
    public Task<bool> PromoteAsync(long version, CancellationToken cancellation = default) => Ask(() => _grains.Models.Promote(version, cancellation), cancellation);
}
