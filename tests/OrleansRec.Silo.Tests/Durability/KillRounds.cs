using OrleansRec.Silo.Storage.Verification;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Silo.Tests.Durability;

/// <summary>
/// Rounds of: serve under eight writers while models are trained, end the server at a random moment, verify the folder, start the server again, look for
/// acknowledged events that are missing or doubled. The moment is a number of acknowledgements drawn from the seed; with eight writers, seven calls are then anywhere between the socket and the disk.
/// </summary>
internal sealed class KillRounds(string dataFolder, int seed, Func<ProductProcess, Task> end, IReadOnlyDictionary<string, string>? environment = null)
{
    private const int EventsPerRoundMin = 20;
    private const int EventsPerRoundMax = 400;

    private static readonly TimeSpan roundTimeout = TimeSpan.FromSeconds(120);

    private readonly AcknowledgedEvents acknowledged = new();

    public int AcknowledgedCount => acknowledged.Count;

    /// <summary>Trainings that were started, and models that were published, over all rounds.</summary>
    public (int Started, long Published) Trainings { get; private set; }

    /// <summary>Runs the rounds, stopping after the first that finds a violation, and returns what it found.</summary>
    public async Task<List<string>> Run(int rounds)
    {
        var random = new Random(seed);
        var writers = new EventWriters(seed, acknowledged);
        using var stop = new CancellationTokenSource();
        using var giveUp = new CancellationTokenSource();
        var server = await ProductProcess.Serve(dataFolder, environment);
        var (writing, training) = (Task.CompletedTask, Task.CompletedTask);
        var trainings = new BusyTraining();
        var violations = new List<string>();
        try
        {
            writers.Address = server.Address;
            trainings.Address = server.Address;
            writing = writers.Run(stop.Token, giveUp.Token);
            training = trainings.Run(stop.Token);
            for (int round = 0; round < rounds && violations.Count == 0; round++)
            {
                await Reached(acknowledged.More(random.Next(EventsPerRoundMin, EventsPerRoundMax)), writing, round);
                await end(server);
                (writers.Address, trainings.Address) = (null, null);
                await server.DisposeAsync();
                violations.AddRange(FolderVerification.Run(dataFolder).Findings.Where(f => f.Kind != FindingKind.Note).Select(f => $"verify: {f}"));
                server = await ProductProcess.Serve(dataFolder, environment);
                // Looked at before the writers come back, who would send again only what was not acknowledged.
                violations.AddRange(await ExportCheck.Violations(server.Address, acknowledged.Snapshot(), isQuiet: false));
                (writers.Address, trainings.Address) = (server.Address, server.Address);
            }
            await stop.CancelAsync();
            await writing.WaitAsync(roundTimeout);
            await training.WaitAsync(roundTimeout);
            Trainings = (trainings.StartedCount, await trainings.Published());
            if (violations.Count == 0)
                violations = await ExportCheck.Violations(server.Address, acknowledged.Snapshot(), isQuiet: true);
            return violations;
        }
        finally
        {
            await giveUp.CancelAsync();
            writers.Address = null;
            await server.DisposeAsync();
        }
    }

    private static async Task Reached(Task more, Task writing, int round)
    {
        if (await Task.WhenAny(more, writing, Task.Delay(roundTimeout)) is var first && first == more)
            return;
        await (writing.IsCompleted ? writing : Task.CompletedTask);
        throw new TimeoutException($"Round {round}: the writers got too few events acknowledged within {roundTimeout}.");
    }
}
