using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Silo.Commands;

/// <summary>train: trains a model and publishes it.</summary>
internal static class TrainCommand
{
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(100);

    public static Command Make()
    {
        var plan = new PlanOptions();
        var sequence = new SequenceOptionsOfPlan();
        var json = CommandOptions.Json();
        var target = new TargetOptions();
        var command = new Command("train", "Train a model on everything recorded and publish it.").Does(async (parsed, cancellation) =>
        {
            var output = new CommandOutput(parsed.GetValue(json));
            var request = sequence.Read(parsed, plan.Read(parsed));
            await using var open = await target.Open(parsed, mayMake: false, cancellation);
            var (training, model) = await Run(open.Recommender, request, output, cancellation);
            if (output.Json)
                output.Object(ToJson(training, model));
            else
                Show(training, model, output);
            return ExitCodes.Done;
        }, target.With(json));
        plan.AddTo(command);
        sequence.AddTo(command);
        return command;
    }

    /// <summary>Starts a training and follows it to its end.</summary>
    /// <exception cref="TrainingFailedException">It failed, was stopped, or another one is under way.</exception>
    public static Task<(TrainingInfo Training, ModelEntry Model)> Run(
        IRecommender recommender, TrainingRequest request, CommandOutput output, CancellationToken cancellation) =>
        output.Progress("training", async report =>
        {
            var started = await recommender.StartTrainingAsync(request, cancellation);
            if (!started.Started)
                throw new TrainingFailedException($"Training of version {started.Version} is under way; wait for it or stop it.");
            try
            {
                return await Follow(recommender, started.Version, report, cancellation);
            }
            catch (OperationCanceledException)
            {
                await recommender.StopTrainingAsync(CancellationToken.None);
                throw;
            }
        });

    private static async Task<(TrainingInfo, ModelEntry)> Follow(
        IRecommender recommender, long version, Action<double, string> report, CancellationToken cancellation)
    {
        while (true)
        {
            var training = await recommender.GetTrainingAsync(cancellation);
            int sweeps = training.Plan?.Sweeps ?? 1;
            if (training is { Phase: "learningSequences", Sequence: { } epochs })
                report(Math.Min(1, (double)epochs.Epoch / epochs.EpochsMax), $"epoch {epochs.Epoch} of {(epochs.IsChoosing ? "at most " : "")}{epochs.EpochsMax} ({(epochs.IsChoosing ? "choosing" : "on everything")}){FiguresOf(epochs, epochs.IsChoosing)}");
            else
                report(Math.Min(1, (double)training.Losses.Length / sweeps), $"sweep {training.Sweep} of {sweeps} ({training.Phase})");
            if (training.Version == version && training.IsOver)
            {
                if (training.Phase != "done")
                    throw new TrainingFailedException($"Training of version {version} is {training.Phase}: {training.Reason ?? "stopped by request"}");
                var models = await recommender.ListModelsAsync(cancellation);
                return (training, models.Models.First(m => m.Version == version));
            }
            await Task.Delay(LookPeriod, cancellation);
        }
    }

    private static string FiguresOf(SequenceInfo epochs, bool withNdcg)
    {
        double? best = withNdcg ? epochs.Ndcg.Max() : null;
        return epochs.Losses.Length == 0 ? "" : FormattableString.Invariant($", loss {epochs.Losses[^1]:G5}{(best is { } ndcg ? FormattableString.Invariant($", best held-out NDCG@10 {ndcg:0.0000}") : "")}");
    }

    private static JsonNode ToJson(TrainingInfo training, ModelEntry model)
    {
        var json = JsonSerializer.SerializeToNode(model, ApiJson.Default.ModelEntry)!.AsObject();
        if (training.Quality is not null)
            json["quality"] = JsonSerializer.SerializeToNode(training.Quality, ApiJson.Default.QualityInfo);
        if (training.Sequence is not null)
            json["sequence"] = JsonSerializer.SerializeToNode(training.Sequence, ApiJson.Default.SequenceInfo);
        json["secondsPerSweep"] = training.SweepSeconds.Length == 0 ? 0 : training.SweepSeconds.Average();
        return json;
    }

    private static void Show(TrainingInfo training, ModelEntry model, CommandOutput output)
    {
        output.Table(["sweep", "loss", "seconds"], model.Losses.Select((loss, i) => new[]
        {
            $"{i + 1}", loss.ToString("G10"), i < training.SweepSeconds.Length ? training.SweepSeconds[i].ToString("0.000") : "",
        }));
        output.Line($"version {model.Version} is published: {model.Users:N0} users, {model.Items:N0} items, {model.Pairs:N0} pairs, {model.TrainSeconds:0.0} s, factors {model.FactorsHash[..12]}");
        if (training.Sequence is { } s)
            output.Line(FormattableString.Invariant($"sequence model: {s.EpochsMax} epochs, chosen of {s.Ndcg.Length}{FiguresOf(s, true)}"));
        if (training.Quality is { Users: > 0 } q)
            output.Line(FormattableString.Invariant($"NDCG@10 on {q.Users} held-out users {q.New:0.0000}; version {q.ComparedWith} {q.Current:0.0000} (± {q.Error:0.0000})"));
    }
}
