using OrleansRec.Contracts;

namespace OrleansRec.Simulation;

/// <summary>The shop's operator: keeps the catalogue, trains, promotes.</summary>
internal sealed class Operator(Shop shop, SimulatedRandom random)
{
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(700), TrainingMax = TimeSpan.FromSeconds(30);

    // One for all trainings, so that a vector fits every model.
    private readonly int _rank = random.Between(3, 5);

    public async Task Run()
    {
        for (var action = 0; action < World.ActionsOfOperator; action++)
        {
            await shop.Wait(random.Time(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(1500)));
            var what = random.Below(100);
            if (!shop.Step("operator", "acts"))
                return;
            if (what < 25)
                await Train();
            else if (what < 60)
                await Promote();
            else
                await Keep();
        }
    }

    private async Task Train()
    {
        var plan = World.Plan(new(_rank, random.Between(1, 3), random.Below(1000)));
        await shop.Cluster.Call("train", async () =>
        {
            await shop.Try("train", "a training is started", Shop.Deadline(random), c => shop.Coordinator.Start(plan, c));
            if (random.Chance(0.1))
            {
                await shop.Wait(random.Time(TimeSpan.Zero, LookPeriod));
                await shop.Try("train", "the training is stopped", Shop.Deadline(random), c => shop.Coordinator.Stop(c));
            }
            var end = shop.Clock.GetUtcNow() + TrainingMax;
            while (shop.Clock.GetUtcNow() < end && shop.Checks.First is null)
            {
                var status = await shop.Try("train", "the training is looked at", Shop.Deadline(random), c => shop.Coordinator.GetStatus(c));
                if (status is { Value.IsOver: true })
                    break;
                await shop.Wait(LookPeriod);
            }
            return true;
        });
    }

    private async Task Promote()
    {
        var held = shop.Truth.Directory.Models;
        if (held.Length == 0)
            return;
        var version = random.Of(held).Version;
        shop.Truth.Promoted[version] = DateTimeOffset.MaxValue;
        await shop.Insist(random, "promote", $"version {version} is promoted", 3, (_, cancellation) => shop.Models.Promote(version, cancellation));
        shop.Truth.Promoted[version] = shop.Clock.GetUtcNow() + World.MessageLife;
    }

    private async Task Keep()
    {
        var item = World.Item(random.Below(World.Items));
        var (isDeleted, isVisible, stock) = (random.Chance(0.2), random.Chance(0.7), random.Chance(0.3) ? 0 : (long?)5);
        await shop.Insist(random, "catalogue", isDeleted ? $"{item} is deleted" : $"{item} is put", 4, async (_, cancellation) =>
            isDeleted
                ? await shop.Item(item).Delete(cancellation) ? 1 : 0
                : await shop.Item(item).Put(new(item, $"Item {item}", ["c"], 3, stock, isVisible, []), cancellation));
    }
}
