using OrleansRec.Api;

namespace OrleansRec.Silo.Dashboard;

/// <summary>What an operator should know of a status before anything else.</summary>
public static class Warnings
{
    /// <summary>Sentences, the gravest first.</summary>
    public static IReadOnlyList<string> Of(ServerStatus status, TrainingInfo? training, DashboardOptions options, DateTimeOffset now)
    {
        List<string> warnings = [];
        if (status.ModelVersion == 0)
            warnings.Add("No model is published: every list shows popular items. Start a training.");
        else if (status.ModelPublished is { } published && now - published > options.ModelAgeWarning)
            warnings.Add($"The model is {Shown.Span(now - published)} old. Train again.");
        foreach (UserShardEntry shard in status.UserShards.Where(shard => shard.PendingEvents >= options.PendingEventsWarning))
            warnings.Add($"Shard {shard.Shard} has {Shown.Count(shard.PendingEvents)} events waiting to become durable.");
        if (status.Disk?.DaysLeft is { } days && days < options.DiskDaysWarning)
            warnings.Add(FormattableString.Invariant($"The disk is full in {days:0.#} days, if the data folder goes on growing by {status.Disk.BytesPerDay / (1 << 20):0.#} MB a day."));
        if (training is { Phase: "failed" })
            warnings.Add($"The last training failed: {training.Reason ?? "no reason given"}");
        if (training is { Phase: "refused" })
            warnings.Add($"The last training's version is not published, because it is worse: {training.Reason} Train with other options, or with Publish: always.");
        return warnings;
    }
}
